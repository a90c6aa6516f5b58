import { mobileNetV3 } from "../../lib/nn/backbones/mobilenet_v3.ts";
import { resNeXt } from "../../lib/nn/backbones/resnext.ts";
import { efficientNetV2 } from "../../lib/nn/backbones/efficientnet_v2.ts";
import { prepareNetwork } from "../../bench/network.ts";
const nets:any={mn:()=>mobileNetV3({ size: "large", style: "torchvision", inputChannels:3 }),rx:()=>resNeXt({ size: "50-32x4d", inputChannels:3 }),ef:()=>efficientNetV2({ size: "s", style: "torchvision", inputChannels:3, stochasticDepthRate: 0 })};
const n = prepareNetwork(nets[Deno.args[0]](), [8,128,300,3]);
n.step();n.step();
const ts=[];for(let k=0;k<Number(Deno.args[1]);k++){const t=performance.now();n.step();ts.push(performance.now()-t)}
ts.sort((a,b)=>a-b);console.log("median",ts[ts.length>>1]);
