using Google.Protobuf.WellKnownTypes;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Lifecycle;
using SynthStudio.Api.Mapping;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Assistant;
using SynthStudio.Catalog.Secrets;

namespace SynthStudio.Api.Services;

internal sealed class ClusterService(
    IGrainFactory grains, ProjectStore projects, ProjectKeyStore keys, StoredSeals seals, JobUsageStore usage, ArrivalStore arrivals,
    AssistantUsageStore assistant, TimeProvider time)
    : V1.ClusterService.ClusterServiceBase
{
    private const double GreatestWeight = 1e6;

    private ISchedulerGrain Scheduler => grains.GetGrain<ISchedulerGrain>(0);

    public override Task<V1.Cluster> GetCluster(V1.GetClusterRequest request, ServerCallContext context) => ShowAsync();

    public override async Task<V1.Cluster> CordonSilo(V1.CordonSiloRequest request, ServerCallContext context)
    {
        await Scheduler.SetCordonAsync(Named(request.Silo), cordoned: true);
        return await ShowAsync();
    }

    public override async Task<V1.Cluster> UncordonSilo(V1.UncordonSiloRequest request, ServerCallContext context)
    {
        await Scheduler.SetCordonAsync(Named(request.Silo), cordoned: false);
        return await ShowAsync();
    }

    public override async Task<V1.Cluster> DrainSilo(V1.DrainSiloRequest request, ServerCallContext context)
    {
        await Scheduler.DrainAsync(Named(request.Silo));
        return await ShowAsync();
    }

    public override async Task<V1.ListUsageResponse> ListUsage(V1.ListUsageRequest request, ServerCallContext context)
    {
        var month = request.Month.Length > 0 ? ProjectMapping.ToMonth(request.Month, "month") : ProjectMapping.MonthStart(time.GetUtcNow());
        var kinds = await usage.ListAsync(project: null, month, month.AddMonths(1), context.CancellationToken);
        var came = await arrivals.ListAsync(project: null, month, month.AddMonths(1), context.CancellationToken);
        var asked = await assistant.ListAsync(project: null, DateOnly.FromDateTime(month.UtcDateTime), context.CancellationToken);
        var names = kinds.Select(kind => kind.Project).Union(came.Select(from => from.Project)).Union(asked.Select(use => use.Project));
        return new V1.ListUsageResponse { Projects = { names.Order(StringComparer.Ordinal).Select(Of) } };

        V1.ProjectMonth Of(string project)
        {
            var (made, got) = (kinds.Where(kind => kind.Project == project).ToList(), came.Where(from => from.Project == project).ToList());
            return new V1.ProjectMonth
            {
                Project = project, Kinds = { made.Select(kind => kind.ToProto()) }, Arrivals = { got.Select(from => from.ToProto()) },
                Assistant = { asked.Where(use => use.Project == project).Select(use => use.ToProto()) }, AddedBytes = ProjectMapping.AddedBytes(made, got),
            };
        }
    }

    public override async Task<V1.Cluster> SetProjectShare(V1.SetProjectShareRequest request, ServerCallContext context)
    {
        if (!(request.Weight >= 0 && request.Weight <= GreatestWeight)) throw ApiErrors.InvalidField("weight", "must be 0 (for 1) to 1000000.");
        if (request.MaxRunningJobs < 0) throw ApiErrors.InvalidField("max_running_jobs", "must not be negative; 0 is any number.");
        if (request.MaxRowsPerDay < 0) throw ApiErrors.InvalidField("max_rows_per_day", "must not be negative; 0 is any number.");
        if (request.MaxStoredBytes < 0) throw ApiErrors.InvalidField("max_stored_bytes", "must not be negative; 0 is any number.");
        if (request.MaxTokensPerMonth < 0) throw ApiErrors.InvalidField("max_tokens_per_month", "must not be negative; 0 is what the server is set to.");
        if (request.MaxAcceleratorSecondsPerMonth < 0) throw ApiErrors.InvalidField("max_accelerator_seconds_per_month", "must not be negative; 0 is any number.");
        if (request.MaxAccelerators < 0) throw ApiErrors.InvalidField("max_accelerators", "must not be negative; 0 is any number.");
        if (await projects.FindAsync(request.Project, context.CancellationToken) is null) throw ApiErrors.NotFound(request.Project);

        await Scheduler.SetShareAsync(
            request.Project,
            new(request.Weight == 0 ? 1 : request.Weight, request.MaxRunningJobs)
            {
                MaxRowsPerDay = request.MaxRowsPerDay, MaxStoredBytes = request.MaxStoredBytes, MaxTokensPerMonth = request.MaxTokensPerMonth,
                MaxAcceleratorSecondsPerMonth = request.MaxAcceleratorSecondsPerMonth, MaxAccelerators = request.MaxAccelerators,
            });
        return await ShowAsync();
    }

    public override async Task<Empty> RotateProjectKey(V1.RotateProjectKeyRequest request, ServerCallContext context)
    {
        if (await projects.FindAsync(request.Project, context.CancellationToken) is null) throw ApiErrors.NotFound(request.Project);
        await keys.RotateAsync(request.Project, context.CancellationToken);
        return new Empty();
    }

    public override async Task<V1.ResealSecretsResponse> ResealSecrets(V1.ResealSecretsRequest request, ServerCallContext context)
    {
        var kinds = await seals.ResealAsync(includeEarlierForms: true, context.CancellationToken);
        return new V1.ResealSecretsResponse { Secrets = { kinds.Select(ToProto) } };
    }

    private static string Named(string silo) => silo.Length > 0 ? silo : throw ApiErrors.InvalidField("silo", "is required.");

    private static V1.SealedSecrets ToProto(ResealedSecrets secrets) => new()
    {
        Kind = secrets.Kind switch
        {
            SecretKind.SigningKey => "signing_key",
            SecretKind.ProjectKey => "project_key",
            SecretKind.Connection => "connection",
            SecretKind.Transfer => "transfer",
            SecretKind.UploadPiece => "upload_piece",
            _ => "second_factor",
        },
        Count = secrets.Count,
        Resealed = secrets.Resealed,
        Unreadable = secrets.Unreadable,
    };

    private async Task<V1.Cluster> ShowAsync()
    {
        var cluster = await Scheduler.GetClusterAsync();
        var shown = new V1.Cluster { QueuedJobs = cluster.Queued, RunningJobs = cluster.Leased };
        foreach (var silo in cluster.Silos)
        {
            shown.Silos.Add(new V1.Silo
            {
                Name = silo.Name,
                Address = silo.Address.ToString(),
                Accelerator = silo.Accelerator,
                Slots = silo.Slots,
                MemoryBytes = silo.MemoryBytes,
                Draining = silo.Draining,
                Cordoned = cluster.Cordoned.Contains(silo.Name),
                Accelerators = silo.Accelerators,
                AcceleratorMemoryBytes = silo.AcceleratorMemoryBytes,
                TorchBackend = silo.TorchBackend,
                Jobs = { silo.Leases.Select(lease => lease.Job) },
            });
        }

        shown.AbsentCordonedSilos.AddRange(cluster.Cordoned.Except(cluster.Silos.Select(s => s.Name)));
        shown.ProjectShares.AddRange(cluster.Shares.OrderBy(s => s.Key, StringComparer.Ordinal).Select(
            s => new V1.ProjectShare
            {
                Project = s.Key, Weight = s.Value.Weight, MaxRunningJobs = s.Value.MaxRunning, MaxRowsPerDay = s.Value.MaxRowsPerDay,
                MaxStoredBytes = s.Value.MaxStoredBytes,
                MaxTokensPerMonth = s.Value.MaxTokensPerMonth, MaxAcceleratorSecondsPerMonth = s.Value.MaxAcceleratorSecondsPerMonth,
                MaxAccelerators = s.Value.MaxAccelerators,
            }));
        return shown;
    }
}
