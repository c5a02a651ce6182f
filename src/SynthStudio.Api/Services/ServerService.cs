using System.Reflection;
using SynthStudio.Api.Mapping;

namespace SynthStudio.Api.Services;

internal sealed class ServerService(IGrainFactory grains, IMethodDirectory methods, ApiOptions options, TimeProvider time)
    : V1.ServerService.ServerServiceBase
{
    private static readonly string Version =
        typeof(ServerService).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    public override async Task<V1.ServerInfo> GetServerInfo(V1.GetServerInfoRequest request, ServerCallContext context)
    {
        var info = new V1.ServerInfo
        {
            Version = Version,
            ServerTime = time.GetUtcNow().ToProto(),
            Capabilities = { "grpc", "grpc-web", "json", "resumable-uploads", "resumable-watches" },
            Limits = new V1.Limits
            {
                MaxUploadBytes = options.MaxUploadBytes,
                MaxWriteBytes = ApiLimits.WriteBytes,
                MaxChunkBytes = ApiLimits.ChunkBytes,
                MaxRows = options.MaxRows,
            },
        };
        try
        {
            info.Methods.AddRange((await methods.ListAsync(context.CancellationToken)).Select(method => method.ToProto()));
        }
        catch (MethodsUnknownException e)
        {
            info.MethodsProblem = e.Message;
        }

        return info;
    }

    public override async Task<V1.Cluster> GetCluster(V1.GetClusterRequest request, ServerCallContext context)
    {
        var cluster = await grains.GetGrain<ISchedulerGrain>(0).GetClusterAsync();
        var proto = new V1.Cluster { QueuedJobs = cluster.Queued, RunningJobs = cluster.Leased };
        foreach (var silo in cluster.Silos)
        {
            proto.Silos.Add(new V1.Silo
            {
                Name = silo.Name,
                Address = silo.Address.ToString(),
                Accelerator = silo.Accelerator,
                Slots = silo.Slots,
                MemoryBytes = silo.MemoryBytes,
                Draining = silo.Draining,
                Jobs = { silo.Leases.Select(lease => lease.Job) },
            });
        }

        return proto;
    }
}
