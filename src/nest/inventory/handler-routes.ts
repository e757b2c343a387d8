import { RequestMethod, VersioningType } from '@nestjs/common';
import {
  HOST_METADATA,
  METHOD_METADATA,
  MODULE_PATH,
  PATH_METADATA,
  VERSION_METADATA,
} from '@nestjs/common/constants.js';
import type { ApplicationConfig, DiscoveryService, ModulesContainer } from '@nestjs/core';
import { RoutePathFactory } from '@nestjs/core/router/route-path-factory.js';
import { type Controller, type FoundHandler, handlersOf } from '../handlers.js';

type Wrapper = ReturnType<DiscoveryService['getControllers']>[number];

/** A method and the paths of one handler, as Nest registers them. */
export interface HandlerRoute {
  readonly controller: Controller;
  readonly wrapper: Wrapper;
  readonly found: FoundHandler;
  /** Such as `POST`, or `ALL`. */
  readonly method: string;
  /** Each with the same without the application's prefix. */
  readonly paths: readonly { readonly path: string; readonly localPath: string }[];
  readonly host: string | null;
  readonly version: string | null;
}

/** The HTTP routes of an application, in the order of their modules. */
export function handlerRoutes(
  discovery: DiscoveryService,
  config: ApplicationConfig,
  modules: ModulesContainer,
): readonly HandlerRoute[] {
  const factory = new RoutePathFactory(config);
  return discovery.getControllers().flatMap((wrapper) => {
    const { metatype } = wrapper;
    if (typeof metatype !== 'function' || metatype.prototype === undefined) {
      return [];
    }
    const controller = metatype as Controller;
    return handlersOf(controller).flatMap((found) => {
      const requestMethod: unknown = Reflect.getMetadata(METHOD_METADATA, found.handler);
      if (typeof requestMethod !== 'number') {
        return [];
      }
      const pathsBelow = (globalPrefix: string): readonly string[] =>
        pathMetadata(config, modules, { controller, wrapper, found }).flatMap((metadata) =>
          factory.create({ ...metadata, globalPrefix }, requestMethod),
        );
      const local = pathsBelow('');
      return {
        controller,
        wrapper,
        found,
        method: RequestMethod[requestMethod] ?? 'ALL',
        paths: pathsBelow(config.getGlobalPrefix()).map((path, index) => ({
          path,
          localPath: local[index] ?? path,
        })),
        host: joined(Reflect.getMetadata(HOST_METADATA, controller)),
        version: headerVersion(config, controller, found),
      };
    });
  });
}

type Places = Pick<HandlerRoute, 'controller' | 'wrapper' | 'found'>;
type PathMetadata = Parameters<RoutePathFactory['create']>[0];

/** One for each pair of a controller's and a handler's path, as Nest itself puts them together. */
function pathMetadata(
  config: ApplicationConfig,
  modules: ModulesContainer,
  { controller, wrapper, found }: Places,
): readonly PathMetadata[] {
  const versioningOptions = config.getVersioning();
  const module = wrapper.host?.metatype;
  const modulePath =
    module === undefined
      ? undefined
      : (Reflect.getMetadata(MODULE_PATH + modules.applicationId, module) ??
        Reflect.getMetadata(MODULE_PATH, module));
  const controllerVersion = versionOf(config, controller);
  const shared: Partial<PathMetadata> = {
    methodVersion: Reflect.getMetadata(VERSION_METADATA, found.handler),
    ...(controllerVersion === undefined ? {} : { controllerVersion }),
    ...(modulePath === undefined ? {} : { modulePath }),
    ...(versioningOptions === undefined ? {} : { versioningOptions }),
  };
  return textsOf(PATH_METADATA, controller).flatMap((ctrlPath) =>
    textsOf(PATH_METADATA, found.handler).map((methodPath) => ({
      ...shared,
      ctrlPath,
      methodPath,
    })),
  );
}

function versionOf(
  config: ApplicationConfig,
  controller: Controller,
): PathMetadata['controllerVersion'] {
  const options = config.getVersioning();
  return options && (Reflect.getMetadata(VERSION_METADATA, controller) ?? options.defaultVersion);
}

function headerVersion(
  config: ApplicationConfig,
  controller: Controller,
  { handler }: FoundHandler,
): string | null {
  const type = config.getVersioning()?.type;
  return type === undefined || type === VersioningType.URI
    ? null
    : joined(Reflect.getMetadata(VERSION_METADATA, handler) ?? versionOf(config, controller));
}

function textsOf(key: string, target: object): readonly string[] {
  const value: unknown = Reflect.getMetadata(key, target);
  return [value].flat().filter((text) => typeof text === 'string');
}

function joined(value: unknown): string | null {
  return value === undefined || value === null ? null : [value].flat().map(String).join(', ');
}
