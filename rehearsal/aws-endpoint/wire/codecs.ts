import { XmlShapeDeserializer, XmlShapeSerializer } from '@aws-sdk/core/protocols';
import type { XmlSettings } from '@aws-sdk/core/protocols';
import { CborCodec } from '@smithy/core/cbor';
import { JsonCodec2 } from '@smithy/core/protocols';
import { fromBase64, fromUtf8, toBase64, toUtf8 } from '@smithy/core/serde';
import type { SerdeFunctions } from '@smithy/types';
import type { ServiceModel } from './service-model';

const serde: SerdeFunctions = {
  base64Decoder: fromBase64,
  base64Encoder: toBase64,
  utf8Decoder: fromUtf8,
  utf8Encoder: (input: Uint8Array | string) => (typeof input === 'string' ? input : toUtf8(input)),
  streamCollector: () => Promise.reject(new Error('bodies are complete before they are decoded')),
};

/** JSON with epoch seconds, as AWS JSON 1.0 and 1.1 write timestamps. */
export const jsonCodec = new JsonCodec2({ timestampFormat: { useTrait: true, default: 7 }, jsonName: false });
jsonCodec.setSerdeContext(serde);

export const cborCodec = new CborCodec();
cborCodec.setSerdeContext(serde);

/** XML reader and writer with ISO timestamps, as restXml and Query write them. */
export function xmlCodec(model: ServiceModel): { reader: XmlShapeDeserializer; writer: XmlShapeSerializer } {
  const settings: XmlSettings = {
    timestampFormat: { useTrait: true, default: 5 },
    httpBindings: model.protocol === 'aws.protocols#restXml',
    xmlNamespace: model.xmlNamespace,
    serviceNamespace: model.namespace,
  };
  const reader = new XmlShapeDeserializer(settings);
  const writer = new XmlShapeSerializer(settings);
  reader.setSerdeContext(serde);
  writer.setSerdeContext(serde);
  return { reader, writer };
}
