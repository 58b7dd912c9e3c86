/** The decoders for keyframes that all cameras of a process share. */
import { createKeyDecoders } from '../../media/key-decoders.ts';

export const keyDecoders = createKeyDecoders();
