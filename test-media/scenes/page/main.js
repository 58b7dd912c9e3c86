// The page's face to the outside: open a scene by its specification, then draw any moment of it with labels.
import * as THREE from 'three';
import { Labeller } from './labels.js';
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

function start({ width, height }) {
  renderer = new THREE.WebGLRenderer({ antialias: true, preserveDrawingBuffer: true });
  renderer.setPixelRatio(1);
  renderer.setSize(width, height);
  renderer.shadowMap.enabled = true;
  renderer.shadowMap.type = THREE.PCFShadowMap;
  document.body.append(renderer.domElement);
  labeller = new Labeller(renderer, width, height);
}

function open({ story, seed, options }) {
  stage?.dispose();
  stage = new Stage(renderer.domElement.width / renderer.domElement.height);
  return stories[story](stage, makeRng(seed), options);
}

function frame(t, quality, view) {
  if (view !== undefined) stage.arrange?.(makeRng(view));
  stage.at(t);
  renderer.setRenderTarget(null);
  renderer.render(stage.scene, stage.camera);
  const jpeg = renderer.domElement.toDataURL('image/jpeg', quality);
  const objects = labeller.read(stage.scene, stage.camera, stage.objects);
  return { jpeg: jpeg.slice(jpeg.indexOf(',') + 1), objects };
}

window.kerbScenes = { start, open, frame };
window.dispatchEvent(new Event('scenes-ready'));
