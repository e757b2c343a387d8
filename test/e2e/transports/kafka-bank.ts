import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, ServerKafka } from '@nestjs/microservices';
import { StepUpGate } from 'authsignal-guard';
import type { Host, Town } from '../../support/host.js';
import { bankModule, PaymentsController, runs } from './rpc-bank.js';

/** Nest's own server of Kafka, which gets its messages from the test in the broker's stead. */
class KafkaWithoutBroker extends ServerKafka {
  override async listen(callback: () => void): Promise<void> {
    callback();
  }

  /** Rejects where the broker's client would deliver the message again. */
  async deliver(topic: string, value: object): Promise<void> {
    await this.handleMessage({
      topic,
      partition: 0,
      message: {
        key: null,
        value: Buffer.from(JSON.stringify(value)),
        timestamp: '0',
        attributes: 0,
        offset: '0',
        headers: {},
      },
      heartbeat: async () => undefined,
      pause: () => () => undefined,
    });
  }
}

/** A bank behind Kafka. */
export async function kafkaBank(town: Town): Promise<Host & Pick<KafkaWithoutBroker, 'deliver'>> {
  class BankModule {}
  Module(bankModule(town, { circuitBreaker: false }, { controllers: [PaymentsController] }))(
    BankModule,
  );
  const strategy = new KafkaWithoutBroker({});
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(BankModule, {
    strategy,
    logger: town.ledger.logger,
    abortOnError: false,
  });
  await app.listen();
  return {
    platform: 'nest-express',
    url: '',
    gate: app.get(StepUpGate),
    runs,
    close: () => app.close(),
    deliver: (topic, value) => strategy.deliver(topic, value),
  };
}
