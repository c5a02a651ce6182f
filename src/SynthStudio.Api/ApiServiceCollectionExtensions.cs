using Google.Protobuf.Reflection;
using Google.Rpc;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SynthStudio.Api.Assistant;
using SynthStudio.Api.Auditing;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Evidence;
using SynthStudio.Api.Formats;
using SynthStudio.Api.Idempotency;
using SynthStudio.Api.Identity;
using SynthStudio.Api.Identity.Accounts;
using SynthStudio.Api.Identity.Mail;
using SynthStudio.Api.Identity.OpenIdConnect;
using SynthStudio.Api.Identity.Passwords;
using SynthStudio.Api.Identity.SecondFactor;
using SynthStudio.Api.Identity.Sessions;
using SynthStudio.Api.Lifecycle;
using SynthStudio.Api.Limits;
using SynthStudio.Api.Mapping;
using SynthStudio.Api.Packages;
using SynthStudio.Api.Privacy;
using SynthStudio.Api.Progress;
using SynthStudio.Api.Readiness;
using SynthStudio.Api.Registry;
using SynthStudio.Api.Replicas;
using SynthStudio.Api.Services;
using SynthStudio.Api.Telemetry;
using SynthStudio.Api.Transfers;
using SynthStudio.Api.Transfers.Buckets;
using SynthStudio.Api.Transfers.Postgres;
using SynthStudio.Api.Uploads;
using SynthStudio.Api.Webhooks;
using SynthStudio.Assistant;
using SynthStudio.Assistant.Budgets;
using SynthStudio.Catalog;
using SynthStudio.Evidence.Sealing;

namespace SynthStudio.Api;

public static class ApiServiceCollectionExtensions
{
    /// <summary>
    /// Adds the API. Asks for the catalog (<c>AddSynthStudioCatalog</c>), the storage (<c>AddSynthStudioStorage</c>), an
    /// <see cref="IGrainFactory"/>, an <see cref="IProgressLog"/>, an <see cref="IMethodDirectory"/>, an
    /// <see cref="ISchemaChecker"/>, an <see cref="IDeclaredTables"/>, an <see cref="ITrainingForecasts"/> and <see cref="TimeProvider"/>. Map it with
    /// <see cref="ApiApplicationExtensions.MapSynthStudioApi"/>.
    /// </summary>
    public static IServiceCollection AddSynthStudioApi(this IServiceCollection services, ApiOptions options)
    {
        services.AddSingleton(options);
        services.AddCalls();
        services.AddSingleton<SigningKeyRing>().AddSingleton<TokenIssuer>().AddSingleton<TokenValidator>().AddSingleton<Authenticator>();
        services.AddSingleton<ApiKeyIssuer>().AddSingleton<EmbeddedAdmin>();
        services.AddAccounts(options);
        services.AddResources();
        services.AddOutbound(options);
        services.AddLanguageModels(options.Assistant);
        services.AddServices();
        services.AddTransport(options);
        return services;
    }

    /// <summary>What every call goes through: who is let in, what is noted, limits, repeats, errors.</summary>
    private static void AddCalls(this IServiceCollection services)
    {
        services.AddSingleton<TelemetryInterceptor>();
        services.AddSingleton<ErrorMapper>().AddSingleton<ErrorInterceptor>();
        services.AddSingleton<Auditor>().AddSingleton<AuditInterceptor>();
        services.AddSingleton<MembershipCache>().AddSingleton<AccessPolicy>().AddSingleton<StreamAccess>()
            .AddSingleton<AccessInterceptor>();
        services.AddSingleton<ProjectQuotas>().AddSingleton<TrailWalks>().AddSingleton<RequestLimits>().AddSingleton<Revocations>()
            .AddHostedService(provider => provider.GetRequiredService<Revocations>());
        services.TryAddSingleton<IRequestLimiter, LocalRequestLimiter>(); // A host with a Redis adds others before.
        services.TryAddSingleton<IStreamLimiter, LocalStreamLimiter>();
        services.TryAddSingleton<IReplicaChannel, LoneReplica>();
        services.AddHybridCache();
        services.AddSingleton<ObjectTexts>();
        services.AddSingleton<DatabaseTime>().AddSingleton<RequestIdInterceptor>().AddSingleton<CallTimeInterceptor>()
            .AddSingleton(provider => InterceptorChain.Of(provider));
    }

    /// <summary>What services read, check and keep in order: resources, evidence, files, progress, deletion.</summary>
    private static void AddResources(this IServiceCollection services)
    {
        services.AddSingleton<PageTokens>().AddSingleton<JobDirectory>().AddSingleton<DatasetReader>().AddSingleton<EvaluationInputs>()
            .AddSingleton<MethodChoice>().AddSingleton<MemoryNeeds>().AddSingleton<CopyingMethods>().AddSingleton<DeclaredGenerators>()
            .AddSingleton<GeneratorDefinitions>().AddSingleton<MappedGenerators>().AddSingleton<SchemaFiles>()
            .AddSingleton<ColumnSensitivities>().AddSingleton<RealRowGate>().AddSingleton<GuardedReports>();
        services.AddSingleton<GeneratorNames>().AddSingleton<PackageManifests>().AddSingleton<TrainingOfModel>().AddSingleton<ModelCards>()
            .AddSingleton<PackageKeys>().AddSingleton<GeneratorImports>().AddSingleton<GeneratorHealth>();
        services.AddSingleton(p => EvidenceSeal.Of(p.GetRequiredService<LedgerKey>().EvidencePacks())).AddSingleton<EvidenceCollector>();
        services.AddSingleton<DatasetEvidence>().AddSingleton<ModelEvidence>().AddSingleton<EvaluationEvidence>()
            .AddSingleton<TrailEvidence>().AddSingleton<SettingsEvidence>().AddSingleton<OutsideEvidence>();
        services.AddSingleton<UploadFlow>().AddSingleton<Downloads>().AddSingleton<DrawnRows>().AddSingleton<RealRows>()
            .AddSingleton<RowDownloads>().AddSingleton<RowStreams>().AddSingleton<WatchStreams>();
        services.AddSingleton<ProgressHub>().AddHostedService(provider => provider.GetRequiredService<ProgressHub>());
        services.AddSingleton<Deletions>().AddSingleton<ProjectContentsReader>().AddSingleton<ProjectLifecycle>();
        services.AddSingleton<StoredSeals>().AddSingleton(PatientSweep.Of).AddSingleton<Housekeeping>()
            .AddHostedService(provider => provider.GetRequiredService<Housekeeping>());
    }

    /// <summary>What leaves by itself: events, imports and exports.</summary>
    private static void AddOutbound(this IServiceCollection services, ApiOptions options)
    {
        services.AddSingleton(options.Webhooks).AddSingleton<ReceiverAddresses>().AddSingleton<WebhookSender>();
        if (options.Features.Webhooks) services.AddHostedService<WebhookDispatcher>();

        services.AddSingleton(options.Transfers).AddSingleton<ForeignPlaces>().AddSingleton<ImportSinks>().AddSingleton<ExportSources>()
            .AddSingleton<EndpointReader>();
        services.AddSingleton<ITransferWork, QueryImportWork>().AddSingleton<ITransferWork, ObjectImportWork>()
            .AddSingleton<ITransferWork, TableExportWork>().AddSingleton<ITransferWork, ObjectExportWork>();
        if (options.Features.Transfers) services.AddHostedService<TransferRunner>();
    }

    /// <summary>Language models, what they may look at and what they may cost.</summary>
    private static void AddLanguageModels(this IServiceCollection services, AssistantOptions options)
    {
        services.AddAssistant(options);
        services.AddSingleton<AssistantQuota>().AddSingleton<ITokenMeter>(provider => provider.GetRequiredService<AssistantQuota>());
        services.AddSingleton<AssistantTasks>().AddSingleton<ConsentGate>().AddSingleton<EndedConsents>().AddSingleton<ToolCaller>()
            .AddSingleton<ProjectTools>().AddSingleton<StoredFacts>().AddSingleton<PackFacts>().AddSingleton<AssistantService>();
    }

    /// <summary>The services. They keep no state of a call: one of each, rather than one a call.</summary>
    private static void AddServices(this IServiceCollection services)
    {
        services.AddSingleton<ProjectService>().AddSingleton<UploadService>().AddSingleton<DatasetService>()
            .AddSingleton<GeneratorService>();
        services.AddSingleton<SyntheticDatasetService>().AddSingleton<EvaluationService>().AddSingleton<AnalysisService>()
            .AddSingleton<RegistryService>().AddSingleton<JobService>();
        services.AddSingleton<PrivacyComputations>().AddSingleton<TrainingEstimates>().AddSingleton<PrivacyTermsReader>()
            .AddSingleton<PrivacyReports>().AddSingleton<PrivacyService>();
        services.AddSingleton<ServerService>().AddSingleton<ClusterService>().AddSingleton<IdentityService>().AddSingleton<AuditService>()
            .AddSingleton<WebhookService>();
        services.AddSingleton<AccountService>().AddSingleton<ServiceAccountService>().AddSingleton<InvitationService>()
            .AddSingleton<ConnectionService>().AddSingleton<TransferService>().AddSingleton<EvidenceService>();
    }

    /// <summary>gRPC, JSON, gRPC-Web and health.</summary>
    private static void AddTransport(this IServiceCollection services, ApiOptions options)
    {
        // It logs every request that cannot be read, with a stack, for anybody who sends some; what services fail with is logged by ErrorMapper.
        services.AddLogging(logging => logging.AddFilter("Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.None));
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = ApiLimits.MessageBytes;
            grpc.Interceptors.Add<InterceptorChain>();
        }).AddJsonTranscoding(json =>
        {
            // Without the registry an error with details would be an empty HTTP 500.
            json.TypeRegistry = TypeRegistry.FromFiles(ErrorDetailsReflection.Descriptor);
            json.JsonSettings.WriteInt64sAsStrings = true;
        });
        services.AddCors(cors => cors.AddDefaultPolicy(policy => BrowserAccess.Allow(policy, options)));
        services.AddGrpcReflection();
        services.AddSynthStudioHealth(options.LeavingDelay);
    }

    /// <summary>People: passwords, second factors, sessions, mails and other providers.</summary>
    private static void AddAccounts(this IServiceCollection services, ApiOptions options)
    {
        services.AddSingleton(options.Accounts).AddSingleton(options.Mail).AddSingleton(options.OpenId);
        services.AddSingleton<PasswordHasher>().AddSingleton<SecondFactors>().AddSingleton<SessionKeeper>();
        services.AddSingleton<IMailSender, MailSender>().AddSingleton<MailTexts>();
        services.AddSingleton<AccountErrands>().AddHostedService(provider => provider.GetRequiredService<AccountErrands>());
        services.AddSingleton<SignInGuard>().AddSingleton<PasswordSignIn>().AddSingleton<PersonProof>().AddSingleton<PasswordChanges>()
            .AddSingleton<EmailChanges>().AddSingleton<Registrations>()
            .AddSingleton<Invitations>();
        services.AddSingleton<PersonExport>().AddSingleton<MadeKeys>().AddSingleton<PersonEraser>().AddSingleton<AccountSweep>();
        services.AddSingleton<ProviderHttp>().AddSingleton<ProviderSignIn>();
    }
}
