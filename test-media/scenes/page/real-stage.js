// A stage whose world is a real camera's picture: fixed eye, no ground and no houses of its own, shadows on nothing.
import * as THREE from 'three';
import { Stage } from './stage.js';

export class RealStage extends Stage {
  /** `view`: `fov` (vertical, degrees), `horizon` (row, shares), `height` (m), `at` (where in the picture the story's middle stands), `heading` (radians by which the story is turned about it). */
  constructor(aspect, view) {
    super(aspect);
    this.view = view;
    /** Everyday life is in the video. */
    this.bare = true;
  }

  /** Whatever the story would look from, the real camera hangs where it hangs; its target says which place is meant. */
  look(_position, [x, , z]) {
    const { fov, horizon, height, at, heading } = this.view;
    const half = Math.tan((fov * Math.PI) / 360);
    const pitch = Math.atan((1 - 2 * horizon) * half);
    const tilt = new THREE.Quaternion().setFromAxisAngle(new THREE.Vector3(1, 0, 0), -pitch);
    const turn = new THREE.Quaternion().setFromAxisAngle(new THREE.Vector3(0, 1, 0), heading);
    const ray = new THREE.Vector3((2 * at[0] - 1) * half * this.camera.aspect, (1 - 2 * at[1]) * half, -1);
    ray.applyQuaternion(tilt).applyQuaternion(turn);
    const reach = height / -ray.y;
    this.camera.fov = fov;
    this.camera.position.set(x - ray.x * reach, height, z - ray.z * reach);
    this.camera.quaternion.copy(turn).multiply(tilt);
    this.camera.updateProjectionMatrix();
    this.camera.updateMatrixWorld();
    this.rest = this.camera.quaternion.clone();
  }

  /** Takes the story's own world away once the story has been set up, and lays the ground that shows nothing but shadow. */
  strip() {
    const { scene } = this;
    const actors = new Set(this.objects.flatMap(({ parts }) => parts));
    const isActor = (node) => actors.has(node) || node.children.some(isActor);
    let [power, ambient] = [0, 1];
    for (const node of scene.children) {
      if (node.isHemisphereLight) ambient = node.intensity;
      if (node.isDirectionalLight)
        power = node.castShadow ? (node.intensity * node.position.y) / node.position.length() : 0;
      if (!node.isLight && !node.userData.ghost && !isActor(node)) node.visible = false;
    }
    scene.background = null;
    scene.fog = null;
    const opacity = 1 - (ambient / (power + ambient)) ** (1 / 2.2);
    this.shades = new THREE.Mesh(
      new THREE.PlaneGeometry(120, 120).rotateX(-Math.PI / 2),
      new THREE.ShadowMaterial({ opacity }),
    );
    this.shades.receiveShadow = true;
    scene.add(this.shades);
  }

  /** Draws the things alone, then their shadows alone, each through `take`. */
  drawLayers(renderer, take) {
    const { scene, shades } = this;
    renderer.setClearColor(0, 0);
    renderer.setRenderTarget(null);
    shades.visible = false;
    renderer.render(scene, this.camera);
    take(0);
    // The shadow map stays as it is while what threw the shadows is hidden.
    renderer.shadowMap.autoUpdate = false;
    const shown = scene.children.filter((node) => node.visible && !node.isLight);
    for (const node of shown) node.visible = false;
    shades.visible = true;
    renderer.render(scene, this.camera);
    take(1);
    for (const node of shown) node.visible = true;
    shades.visible = false;
    renderer.shadowMap.autoUpdate = true;
  }
}
