using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity;
using SynthStudio.Api.OpenApi;
using SynthStudio.Api.Readiness;
using SynthStudio.Api.Services;

namespace SynthStudio.Api;

public static class ApiApplicationExtensions
{
    /// <summary>
    /// Maps all services for gRPC, gRPC-Web and JSON over HTTP, health (<c>/healthz/ready</c>, <c>/healthz/live</c>,
    /// and <c>/healthz</c>, the first in a word) and by gRPC, reflection, the public keys of
    /// tokens at <c>/.well-known/jwks.json</c> and the OpenAPI document at <c>/openapi.json</c>. gRPC itself needs HTTP/2, the others work with HTTP/1.1 too.
    /// </summary>
    public static WebApplication MapSynthStudioApi(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<ApiOptions>();
        app.UseForwardedAddresses(options);
        app.UseSecurityHeaders();
        app.UseCors();
        app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        app.Use(FrameworkErrors.AttachDetailsAsync);
        app.MapGrpcService<ProjectService>();
        app.MapGrpcService<UploadService>();
        app.MapGrpcService<DatasetService>();
        app.MapGrpcService<GeneratorService>();
        app.MapGrpcService<SyntheticDatasetService>();
        app.MapGrpcService<EvaluationService>();
        app.MapGrpcService<AnalysisService>();
        app.MapGrpcService<RegistryService>();
        app.MapGrpcService<JobService>();
        app.MapGrpcService<PrivacyService>();
        app.MapGrpcService<ServerService>();
        app.MapGrpcService<ClusterService>();
        app.MapGrpcService<IdentityService>();
        app.MapGrpcService<AccountService>();
        app.MapGrpcService<ServiceAccountService>();
        app.MapGrpcService<InvitationService>();
        app.MapGrpcService<AuditService>();
        app.MapGrpcService<EvidenceService>();
        app.MapGrpcService<WebhookService>();
        app.MapGrpcService<ConnectionService>();
        app.MapGrpcService<TransferService>();
        app.MapGrpcService<AssistantService>();
        if (options.Features.Reflection) app.MapGrpcReflectionService();
        app.MapSynthStudioHealth();
        app.MapGet("/.well-known/jwks.json", KeySet.GetAsync);
        app.MapGet("/openapi.json", OpenApiDocument.Get);
        return app;
    }
}
