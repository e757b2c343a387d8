/** Every type that users may rely on, besides the names that exist at run time. A change here is a change of the public surface. */
export const PUBLIC_TYPES: Readonly<Record<string, string>> = {
  '.': `
    ActionAnswer ActionChoice ActionPolicy ActionReference ActionRequest ActionState Approval
    ApprovedVerdict AuthenticatorAnswer AuthenticatorChange AuthenticatorScope AuthsignalCall
    AuthsignalEvent AuthsignalEventData AuthsignalEventType AuthsignalLogBatch AuthsignalPort
    AuthsignalSettings Awaitable BodyReader BoundValue CallBegun CallEnded CallFailure
    CallFailureKind CallResult CallbackName ChallengeAnswer ChallengeOffer ChallengeRequest
    CircuitBreakerOptions CircuitEvent CircuitState ClaimAnswer ClaimRequest Clock
    ConfigurationCode Countable DtoClass EnrollVerifiedAnswer EnrollVerifiedRequest
    EnrollmentOptions EvaluationBegun EvaluationEnded EventContext GateHealth GateMode
    HttpAuthsignalSettings InvalidField KnownAuthsignalEvent Limit MemoryReplayStoreOptions
    Observation OtherAuthsignalEvent PolicyDefaults ProofRefusal RefusalCode RefusedVerdict
    RenderedRefusal ReplayStore ServerAddress SignInOptions SignedInRequest StepUpErrorCode
    StepUpEvent StepUpGateOptions StepUpOccurrence StepUpProblem SubjectValue Telemetry
    TrackAnswer TrackAttributes TrackRequest UnavailablePolicy UnenrolledPolicy UserAnswer
    ValidateAnswer ValidateRequest Verdict VerifiedNumberOptions VerifyAnswer VerifyRequest
    WebhookFault WebhookOccurrence WebhookOptions WhatsAppLimits WhatsAppOptions
  `,
  './nest': `
    ActionInventory ActionWarning AuthenticatorChange AuthsignalEvent AuthsignalEventData
    AuthsignalEventType AuthsignalHealthResult AuthsignalLogBatch EnrollmentOptions FlowAudience
    FlowName InventoryOptions KnownAuthsignalEvent Limit ListedAction ListedPolicy
    OtherAuthsignalEvent SignInOptions VerifiedNumberOptions WarningCode WarningLevel
    WebhookOptions WhatsAppLimits WhatsAppModuleAsyncOptions WhatsAppOptions WhatsAppPlacement
  `,
  './express': `
    ActionInventory ActionWarning AuthenticatorChange AuthsignalEvent AuthsignalEventData
    AuthsignalEventType AuthsignalLogBatch EnrollmentOptions InventoryOptions
    KnownAuthsignalEvent Limit ListedAction ListedPolicy OtherAuthsignalEvent SignInOptions
    VerifiedNumberOptions WarningCode WarningLevel WebhookOptions WhatsAppLimits WhatsAppOptions
  `,
  './redis': `
    RedisReplayStoreOptions
  `,
  './opentelemetry': `
    OpenTelemetryOptions
  `,
  './swagger': `
    NestApplication OpenApiDocument Schema
  `,
  './browser': `
    ChallengeOffer CodePrompt PopupSdk ProofRefusal RedirectSdk StepUpChallenge
    StepUpFetchErrorCode StepUpFetchOptions StepUpPrompt WhatsAppChallengeOptions WhatsAppSdk
  `,
  './emulator': `
    ActionRecord ActionReference ActionSettings ActiveFault AuthenticatorRecord CallName
    CustomData EmulatedActionState EmulatedUser EmulatedVerificationMethod Emulator
    EmulatorActions EmulatorClock EmulatorErrorCode EmulatorFaults EmulatorInbox EmulatorLimits
    EmulatorOptions EmulatorRequests EmulatorRule EmulatorSwitches EmulatorUsers Enrolment Fault
    FaultKind FaultMatch JsonLogic LoggedRequest MatchedRule Message Outcome RateLimit
    RecordFilter ResolvedActionSettings ResolvedRule TimeSource UserRecord
  `,
  './testing': `
    ActionScript ChallengeAnswerOptions ChallengedEmulator FakeCall ReplayStoreCheck
    ReplayStoreSetup ScriptedAnswer SignedWebhook WebhookToSign
  `,
};
