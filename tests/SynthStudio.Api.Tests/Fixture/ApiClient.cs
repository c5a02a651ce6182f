using System.Net;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace SynthStudio.Api.Tests.Fixture;

/// <summary>Clients of all services over one connection.</summary>
public sealed class ApiClient : IDisposable
{
    private readonly GrpcChannel _channel;

    public ApiClient(Uri address, string? credential, HttpMessageHandler? handler = null, Version? version = null)
    {
        _channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = handler ?? new SocketsHttpHandler { EnableMultipleHttp2Connections = true },
            DisposeHttpClient = true,
            HttpVersion = version ?? (handler is null ? HttpVersion.Version20 : HttpVersion.Version11),
            MaxReceiveMessageSize = null,
            MaxSendMessageSize = null,
        });
        Invoker = _channel.Intercept(headers =>
        {
            if (credential is not null) headers.Add("authorization", $"Bearer {credential}");
            return headers;
        });
        Projects = new(Invoker);
        Uploads = new(Invoker);
        Datasets = new(Invoker);
        Generators = new(Invoker);
        Synthetics = new(Invoker);
        Evaluations = new(Invoker);
        Jobs = new(Invoker);
        Privacy = new(Invoker);
        Server = new(Invoker);
        Cluster = new(Invoker);
        Identity = new(Invoker);
        Audit = new(Invoker);
        Webhooks = new(Invoker);
        Connections = new(Invoker);
        Transfers = new(Invoker);
        Assistant = new(Invoker);
        Accounts = new(Invoker);
        ServiceAccounts = new(Invoker);
        Invitations = new(Invoker);
        Analyses = new(Invoker);
        Registry = new(Invoker);
        Evidence = new(Invoker);
    }

    public CallInvoker Invoker { get; }

    public V1.AnalysisService.AnalysisServiceClient Analyses { get; }

    public V1.RegistryService.RegistryServiceClient Registry { get; }

    public V1.EvidenceService.EvidenceServiceClient Evidence { get; }

    public V1.AuditService.AuditServiceClient Audit { get; }

    public V1.WebhookService.WebhookServiceClient Webhooks { get; }

    public V1.ConnectionService.ConnectionServiceClient Connections { get; }

    public V1.TransferService.TransferServiceClient Transfers { get; }
    public V1.AssistantService.AssistantServiceClient Assistant { get; }

    public V1.AccountService.AccountServiceClient Accounts { get; }

    public V1.ServiceAccountService.ServiceAccountServiceClient ServiceAccounts { get; }

    public V1.InvitationService.InvitationServiceClient Invitations { get; }

    public V1.ProjectService.ProjectServiceClient Projects { get; }

    public V1.UploadService.UploadServiceClient Uploads { get; }

    public V1.DatasetService.DatasetServiceClient Datasets { get; }

    public V1.GeneratorService.GeneratorServiceClient Generators { get; }

    public V1.SyntheticDatasetService.SyntheticDatasetServiceClient Synthetics { get; }

    public V1.EvaluationService.EvaluationServiceClient Evaluations { get; }

    public V1.JobService.JobServiceClient Jobs { get; }

    public V1.ClusterService.ClusterServiceClient Cluster { get; }

    public V1.PrivacyService.PrivacyServiceClient Privacy { get; }

    public V1.ServerService.ServerServiceClient Server { get; }

    public V1.IdentityService.IdentityServiceClient Identity { get; }

    public async Task<string> ProjectAsync() => (await Projects.CreateProjectAsync(new() { Project = new() { DisplayName = "test" } })).Name;

    public void Dispose() => _channel.Dispose();
}
