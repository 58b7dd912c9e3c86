// The page's face to the outside: open a scene by its specification, then draw any moment of it with labels.
import * as THREE from 'three';
import { CutoutStudio } from './cutout.js';
import { Labeller } from './labels.js';
import { chooseLens, makeLens, shakeAt } from './lens.js';
import { RealStage } from './real-stage.js';
import { makeRng } from './rng.js';
import { Stage } from './stage.js';
import { bikeStory } from './story-bikes.js';
import { gateStory } from './story-gate.js';
import { stillStory } from './story-still.js';
import { streetStory } from './story-street.js';

const stories = { street: streetStory, bike: bikeStory, gate: gateStory, still: stillStory };

let renderer;
let labeller;
let stage;

function start({ width, height, layers = false }) {
  renderer = new THREE.WebGLRenderer({ antialias: true, preserveDrawingBuffer: true, alpha: layers });
  renderer.setPixelRatio(1);
  renderer.setSize(width, height);
  renderer.shadowMap.enabled = true;
  renderer.shadowMap.type = THREE.PCFShadowMap;
  document.body.append(renderer.domElement);
  labeller = new Labeller(renderer, width, height);
}

let lens;
let light;

function setLens(seed, wanted) {
  const { width, height } = renderer.domElement;
  lens = makeLens(chooseLens(makeRng(seed), light, wanted), width, height);
}

function open({ story, seed, options, real }) {
  stage?.dispose();
  const aspect = renderer.domElement.width / renderer.domElement.height;
  stage = real ? new RealStage(real.aspect, real) : new Stage(aspect);
  const opened = stories[story](stage, makeRng(seed), options);
  if (real) stage.strip();
  light = (opened.weather ?? options?.weather)?.light;
  setLens(seed * 7 + 3, options?.lens);
  return opened;
}

/** The mast sways a little; labels are read through the same camera. */
function sway(t) {
  const [pitch, yaw] = shakeAt(lens.look, t);
  if (pitch === 0 && yaw === 0) return;
  stage.camera.quaternion.copy(stage.rest);
  stage.camera.rotateX(pitch);
  stage.camera.rotateY(yaw);
  stage.camera.updateMatrixWorld();
}

function frame(t, quality, view) {
  if (view !== undefined) {
    stage.arrange?.(makeRng(view));
    setLens(view);
  }
  stage.at(t);
  if (!stage.arrange) sway(t);
  stage.draw(renderer);
  const jpeg = lens.draw(renderer.domElement, t).toDataURL('image/jpeg', quality);
  const objects = labeller.read(stage.scene, stage.camera, stage.objects);
  return { jpeg: jpeg.slice(jpeg.indexOf(',') + 1), objects };
}

/** What is there at a moment, without its picture: a third of a frame's cost. */
function labels(t) {
  stage.at(t);
  if (!stage.arrange) sway(t);
  return labeller.read(stage.scene, stage.camera, stage.objects);
}

/** What stands before a real camera at a moment, without its picture: RGBA of the things, then of their shadows, `size` px, each base64; what is left of the lens is the video's. */
function layers(t, [width, height]) {
  stage.at(t);
  const pen = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  pen.imageSmoothingQuality = 'high';
  const taken = [];
  stage.drawLayers(renderer, () => {
    pen.clearRect(0, 0, width, height);
    pen.drawImage(renderer.domElement, 0, 0, width, height);
    const { data } = pen.getImageData(0, 0, width, height);
    let text = '';
    for (let i = 0; i < data.length; i += 8190) text += btoa(String.fromCharCode(...data.subarray(i, i + 8190)));
    taken.push(text);
  });
  return { taken, objects: labeller.read(stage.scene, stage.camera, stage.objects) };
}

let studio;

/** Cut-outs of one thing, which need no scene. */
function cutouts(wanted) {
  studio ??= new CutoutStudio();
  return studio.draw(wanted);
}

window.kerbScenes = { start, open, frame, labels, layers, cutouts };
window.dispatchEvent(new Event('scenes-ready'));
