/** Attributes of operations, eager (`TFE_Op`) and recorded (`TF_`): the C functions differ in their prefix alone. */
import { cString, type NativeFunctions } from "./native.ts";
import { ATTRIBUTE, type Attribute } from "./types.ts";

/**
 * Sets an attribute.
 *
 * @param target `TFE_Op` or `TF_OperationDescription`, as the prefix says
 * @param status where the eager function for shapes reports
 * @throws TypeError for a kind of attribute that the C API lacks
 */
export function setAttribute(
  f: NativeFunctions,
  prefix: "TFE_Op" | "TF_",
  { target, status, attribute: { name, type, value } }: {
    target: Deno.PointerValue;
    status: Deno.PointerValue;
    attribute: Attribute;
  },
): void {
  const key = cString(name);
  switch (type) {
    case ATTRIBUTE.string: {
      if (Array.isArray(value)) {
        const texts = value.map(cString);
        const pointers = BigUint64Array.from(
          texts,
          (text) => Deno.UnsafePointer.value(Deno.UnsafePointer.of(text)),
        );
        const lengths = BigUint64Array.from(texts, (text) => BigInt(text.length - 1));
        return f[`${prefix}SetAttrStringList`](target, key, pointers, lengths, texts.length);
      }
      if (value instanceof Uint8Array) { // an encoded message
        const bytes = value as Uint8Array<ArrayBuffer>;
        return f[`${prefix}SetAttrString`](target, key, bytes, BigInt(bytes.length));
      }
      const text = cString(value as string);
      return f[`${prefix}SetAttrString`](target, key, text, BigInt(text.length - 1));
    }
    case ATTRIBUTE.int: {
      if (!Array.isArray(value)) {
        // tf.multinomial gives a fraction as its seed, of which Node's interface takes the whole part
        return f[`${prefix}SetAttrInt`](target, key, BigInt(Math.trunc(value as number)));
      }
      const list = BigInt64Array.from(value, BigInt);
      return f[`${prefix}SetAttrIntList`](target, key, list, list.length);
    }
    case ATTRIBUTE.float:
      return f[`${prefix}SetAttrFloat`](target, key, value as number);
    case ATTRIBUTE.bool:
      return f[`${prefix}SetAttrBool`](target, key, value ? 1 : 0);
    case ATTRIBUTE.type:
      return f[`${prefix}SetAttrType`](target, key, value as number);
    case ATTRIBUTE.shape: {
      const shape = BigInt64Array.from(value as number[], BigInt);
      if (prefix === "TF_") return f.TF_SetAttrShape(target, key, shape, shape.length);
      return f.TFE_OpSetAttrShape(target, key, shape, shape.length, status);
    }
    default:
      throw new TypeError(`attribute ${name} has a kind that TensorFlow's C API lacks: ${type}`);
  }
}
