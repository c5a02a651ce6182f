using Grpc.Core;
using Grpc.Net.Client;
using SynthStudio.V1;

namespace SynthStudio.Cli.Connection;

/// <summary>The services of one server, with the caller's key or token on every call, and the project the command works in.</summary>
internal sealed class SynthClient : IDisposable
{
    private readonly GrpcChannel channel;

    /// <param name="address">The server.</param>
    /// <param name="credential">Answers the key or token for a call; null sends none.</param>
    /// <param name="project">Resource name of the project.</param>
    public SynthClient(Uri address, Func<ValueTask<string>>? credential, string project)
    {
        Project = project;
        channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            MaxReceiveMessageSize = 64 * 1024 * 1024,
            Credentials = Credentials(address, credential),
            UnsafeUseInsecureChannelCallCredentials = true, // A server on loopback, or behind a tunnel, as its user says.
            HttpHandler = new SocketsHttpHandler
            {
                EnableMultipleHttp2Connections = true,
                // Rows come in a stream: a small window would wait for the other side after every 64 KiB.
                InitialHttp2StreamWindowSize = 4 * 1024 * 1024,
                KeepAlivePingDelay = TimeSpan.FromSeconds(30),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            },
            DisposeHttpClient = true,
        });
        var calls = channel.CreateCallInvoker();
        Projects = new(calls);
        Uploads = new(calls);
        Datasets = new(calls);
        Generators = new(calls);
        SyntheticDatasets = new(calls);
        Evaluations = new(calls);
        Jobs = new(calls);
        Privacy = new(calls);
        Server = new(calls);
        Cluster = new(calls);
        Audit = new(calls);
        Webhooks = new(calls);
        Connections = new(calls);
        Transfers = new(calls);
        Assistant = new(calls);
        Identity = new(calls);
        Accounts = new(calls);
        Invitations = new(calls);
        ServiceAccounts = new(calls);
        Analyses = new(calls);
        Registry = new(calls);
        Evidence = new(calls);
    }

    /// <summary>Resource name of the project, <c>projects/{id}</c>.</summary>
    public string Project { get; }

    public ProjectService.ProjectServiceClient Projects { get; }

    public UploadService.UploadServiceClient Uploads { get; }

    public DatasetService.DatasetServiceClient Datasets { get; }

    public GeneratorService.GeneratorServiceClient Generators { get; }

    public SyntheticDatasetService.SyntheticDatasetServiceClient SyntheticDatasets { get; }

    public EvaluationService.EvaluationServiceClient Evaluations { get; }

    public JobService.JobServiceClient Jobs { get; }

    public PrivacyService.PrivacyServiceClient Privacy { get; }

    public ServerService.ServerServiceClient Server { get; }

    public ClusterService.ClusterServiceClient Cluster { get; }

    public AnalysisService.AnalysisServiceClient Analyses { get; }

    public RegistryService.RegistryServiceClient Registry { get; }

    public EvidenceService.EvidenceServiceClient Evidence { get; }

    public AuditService.AuditServiceClient Audit { get; }

    public WebhookService.WebhookServiceClient Webhooks { get; }

    public ConnectionService.ConnectionServiceClient Connections { get; }

    public TransferService.TransferServiceClient Transfers { get; }
    public AssistantService.AssistantServiceClient Assistant { get; }

    public IdentityService.IdentityServiceClient Identity { get; }

    public AccountService.AccountServiceClient Accounts { get; }

    public InvitationService.InvitationServiceClient Invitations { get; }

    public ServiceAccountService.ServiceAccountServiceClient ServiceAccounts { get; }

    /// <summary><paramref name="name"/> when it is a resource name, else the resource of this project with that id.</summary>
    public string Resource(string collection, string name) => name.Contains('/', StringComparison.Ordinal) ? name : $"{Project}/{collection}/{name}";

    /// <summary>Makes sure that the project exists.</summary>
    public async Task EnsureProjectAsync(CancellationToken cancellation)
    {
        try
        {
            await Projects.GetProjectAsync(new GetProjectRequest { Name = Project }, cancellationToken: cancellation);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            await Projects.CreateProjectAsync(
                new CreateProjectRequest { ProjectId = Project["projects/".Length..], Project = new Project { DisplayName = Project["projects/".Length..] } },
                cancellationToken: cancellation);
        }
    }

    public void Dispose() => channel.Dispose();

    private static ChannelCredentials Credentials(Uri address, Func<ValueTask<string>>? credential)
    {
        var transport = address.Scheme == "https" ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure;
        return credential is null
            ? transport
            : ChannelCredentials.Create(transport, CallCredentials.FromInterceptor(async (_, metadata) => metadata.Add("authorization", "Bearer " + await credential())));
    }
}
