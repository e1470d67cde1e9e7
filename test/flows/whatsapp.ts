import { constants, createCipheriv, createDecipheriv, publicEncrypt, randomBytes, type KeyObject } from 'node:crypto';
import { signWebhook } from 'wa-coexist/testing';

/** Encrypts and signs a request like WhatsApp, and decrypts the response. */
export function whatsapp(request: unknown, key: KeyObject, appSecret: string) {
  const aesKey = randomBytes(16);
  const vector = randomBytes(16);
  const cipher = createCipheriv('aes-128-gcm', aesKey, vector);
  const envelope = {
    encrypted_flow_data: Buffer.concat([cipher.update(JSON.stringify(request)), cipher.final(), cipher.getAuthTag()]).toString('base64'),
    encrypted_aes_key: publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, aesKey).toString('base64'),
    initial_vector: vector.toString('base64'),
  };
  const body = JSON.stringify(envelope);
  const read = (answer: string): unknown => {
    const bytes = Buffer.from(answer, 'base64');
    const decipher = createDecipheriv('aes-128-gcm', aesKey, Buffer.from(vector.map((byte) => byte ^ 0xff)));
    decipher.setAuthTag(bytes.subarray(-16));
    return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString()) as unknown;
  };
  return { envelope, body, signature: signWebhook(body, appSecret), read };
}
