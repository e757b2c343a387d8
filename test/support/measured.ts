import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Attributes,
  type Context,
  type ContextManager,
  context,
  type Meter,
  ROOT_CONTEXT,
  type Tracer,
} from '@opentelemetry/api';
import {
  type DataPoint,
  type ExponentialHistogram,
  type Histogram,
  MeterProvider,
  MetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';

/** The context manager that every SDK for Node registers, in few words. */
class AsyncContextManager implements ContextManager {
  readonly #contexts = new AsyncLocalStorage<Context>();

  active(): Context {
    return this.#contexts.getStore() ?? ROOT_CONTEXT;
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    active: Context,
    fn: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.#contexts.run(active, () => Reflect.apply(fn, thisArg, args));
  }

  bind<T>(_context: Context, target: T): T {
    return target;
  }

  enable(): this {
    return this;
  }

  disable(): this {
    return this;
  }
}

/** Reads when it is asked. */
class AskedReader extends MetricReader {
  protected async onForceFlush(): Promise<void> {
    // Nothing waits to be sent.
  }

  protected async onShutdown(): Promise<void> {
    // Nothing to end.
  }
}

type Value = number | Histogram | ExponentialHistogram;

/** An OpenTelemetry SDK whose every export stays in memory. */
export class Measured {
  readonly tracer: Tracer;
  readonly meter: Meter;
  readonly #spans = new InMemorySpanExporter();
  readonly #reader = new AskedReader();

  /** Contexts follow asynchronous calls from here on until `end`. */
  constructor() {
    const spanProcessors = [new SimpleSpanProcessor(this.#spans)];
    this.tracer = new BasicTracerProvider({ spanProcessors }).getTracer('a-test');
    this.meter = new MeterProvider({ readers: [this.#reader] }).getMeter('a-test');
    context.setGlobalContextManager(new AsyncContextManager());
  }

  end(): void {
    context.disable();
  }

  /** In the order in which they ended. */
  get spans(): readonly ReadableSpan[] {
    return this.#spans.getFinishedSpans();
  }

  span(name: string): ReadableSpan {
    const found = this.spans.filter((span) => span.name === name);
    const [only] = found;
    if (only === undefined || found.length > 1) {
      throw new Error(`${found.length} spans "${name}" of ${this.spans.map((span) => span.name)}`);
    }
    return only;
  }

  forgetSpans(): void {
    this.#spans.reset();
  }

  async metrics() {
    const { resourceMetrics } = await this.#reader.collect();
    return resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
  }

  /** Each series of one metric. */
  async series(name: string): Promise<readonly { attributes: Attributes; value: Value }[]> {
    const metric = (await this.metrics()).find(({ descriptor }) => descriptor.name === name);
    const points: readonly DataPoint<Value>[] = metric?.dataPoints ?? [];
    return points.map(({ attributes, value }) => ({ attributes, value }));
  }

  /** Everything that left, as text. */
  async exported(): Promise<string> {
    const spans = this.spans.map(({ name, kind, attributes, status, events, links }) => ({
      name,
      kind,
      attributes,
      status,
      events,
      links,
    }));
    return JSON.stringify({ spans, metrics: await this.metrics() });
  }
}
