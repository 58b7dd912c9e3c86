// Wet ground mirrors what stands on it: the scene is drawn once more from under the ground and laid over the street.
import * as THREE from 'three';

/** The mirrored picture is drawn smaller: a wet road blurs it anyway. */
const share = 0.5;

/** The projection of the mirrored camera to texture coordinates 0..1. */
const toTexture = new THREE.Matrix4().set(0.5, 0, 0, 0.5, 0, 0.5, 0, 0.5, 0, 0, 0.5, 0.5, 0, 0, 0, 1);

const vertex = /* glsl */ `
  vec4 onGround = modelMatrix * vec4(transformed, 1.0);
  groundAt = onGround.xyz;
  mirroredAt = mirrorMatrix * onGround;`;

const declared = /* glsl */ `
  uniform sampler2D mirrored;
  uniform float water, ripple;
  varying vec3 groundAt;
  varying vec4 mirroredAt;
  float grain(vec2 p) { return fract(sin(dot(p, vec2(12.9898, 78.233))) * 43758.5453); }
  float patches(vec2 p) {
    vec2 cell = floor(p), k = smoothstep(0.0, 1.0, fract(p));
    return mix(mix(grain(cell), grain(cell + vec2(1, 0)), k.x),
               mix(grain(cell + vec2(0, 1)), grain(cell + vec2(1, 1)), k.x), k.y);
  }`;

/** Schlick's shape of Fresnel's law, raised for steep views: from a mast smooth water alone would mirror next to nothing. The film lies in patches and smears along the view. */
const fragment = /* glsl */ `
  vec2 at = mirroredAt.xy / mirroredAt.w;
  float film = 0.6 * patches(groundAt.xz * 0.45) + 0.4 * patches(groundAt.xz * 1.9);
  float rough = ripple * (1.3 - film);
  float wave = patches(groundAt.xz * 7.0) - 0.5;
  vec3 picture = vec3(0.0);
  for (int i = -3; i <= 3; i++)
    picture += texture2D(mirrored, at + vec2(wave * rough * 0.25, float(i) * rough * 0.33 + wave * rough * 0.5)).rgb;
  float facing = normalize(cameraPosition - groundAt).y;
  float reflected = water * (0.3 + film) * (0.06 + 0.94 * pow(1.0 - facing, 3.5));
  outgoingLight = mix(outgoingLight, picture / 7.0, clamp(reflected, 0.0, 0.85));
  #include <opaque_fragment>`;

export class Mirror {
  /** `water`: 1 is a smooth film. `ripple`: how far it smears, in parts of the picture's height. */
  constructor(water, ripple) {
    this.target = new THREE.WebGLRenderTarget(1, 1, { type: THREE.HalfFloatType });
    this.grounds = [];
    this.camera = new THREE.PerspectiveCamera();
    this.uniforms = {
      mirrored: { value: this.target.texture },
      mirrorMatrix: { value: new THREE.Matrix4() },
      water: { value: water },
      ripple: { value: ripple },
    };
  }

  /** Makes a piece of ground, whose material is its own, show the mirrored picture. */
  lay(ground) {
    this.grounds.push(ground);
    ground.material.onBeforeCompile = (shader) => {
      Object.assign(shader.uniforms, this.uniforms);
      shader.vertexShader =
        `uniform mat4 mirrorMatrix;\nvarying vec3 groundAt;\nvarying vec4 mirroredAt;\n${shader.vertexShader}`.replace(
          '#include <project_vertex>',
          `#include <project_vertex>${vertex}`,
        );
      shader.fragmentShader = `${declared}\n${shader.fragmentShader}`.replace('#include <opaque_fragment>', fragment);
    };
  }

  /** Draws what the water will show to `camera`. */
  draw(renderer, scene, camera) {
    this.#follow(camera);
    const size = renderer.getSize(new THREE.Vector2()).multiplyScalar(share).round();
    this.target.setSize(size.x, size.y);
    for (const ground of this.grounds) ground.visible = false;
    renderer.setRenderTarget(this.target);
    renderer.render(scene, this.camera);
    renderer.setRenderTarget(null);
    for (const ground of this.grounds) ground.visible = true;
  }

  /** Takes the place of `camera`'s image under the ground. */
  #follow(camera) {
    const eye = new THREE.Vector3().setFromMatrixPosition(camera.matrixWorld);
    const [, up, back] = [new THREE.Vector3(), new THREE.Vector3(), new THREE.Vector3()];
    camera.matrixWorld.extractBasis(new THREE.Vector3(), up, back);
    for (const vector of [eye, up, back]) vector.y = -vector.y;
    this.camera.up.copy(up);
    this.camera.position.copy(eye);
    this.camera.lookAt(eye.clone().sub(back));
    this.camera.updateMatrixWorld();
    this.camera.projectionMatrix.copy(camera.projectionMatrix);
    this.camera.projectionMatrixInverse.copy(camera.projectionMatrixInverse);
    this.uniforms.mirrorMatrix.value
      .copy(toTexture)
      .multiply(this.camera.projectionMatrix)
      .multiply(this.camera.matrixWorldInverse);
  }

  dispose() {
    this.target.dispose();
  }
}
