using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using SynthStudio.V1;

namespace SynthStudio.Cli.Connection;

/// <summary>The services of one server, with the caller's key on every call, and the project the command works in.</summary>
internal sealed class SynthClient : IDisposable
{
    private readonly GrpcChannel channel;

    public SynthClient(Uri address, string apiKey, string project)
    {
        Project = project;
        channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            MaxReceiveMessageSize = 64 * 1024 * 1024,
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
        var calls = channel.Intercept(metadata =>
        {
            metadata.Add("authorization", "Bearer " + apiKey);
            return metadata;
        });
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
        Analyses = new(calls);
        Registry = new(calls);
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

    public AuditService.AuditServiceClient Audit { get; }

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
}
