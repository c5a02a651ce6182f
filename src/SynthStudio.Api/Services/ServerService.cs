using System.Reflection;
using SynthStudio.Api.Mapping;
using SynthStudio.Api.Packages;

namespace SynthStudio.Api.Services;

internal sealed class ServerService(
    IMethodDirectory methods, CopyingMethods copying, PackageKeys keys, ApiOptions options, TimeProvider time)
    : V1.ServerService.ServerServiceBase
{
    /// <summary>Of this program.</summary>
    internal static readonly string Version =
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
            PackageSigner = new V1.PackageSigner { Deployment = keys.Own.Name, KeyId = keys.Own.KeyId, PublicKeyPem = keys.Own.PublicKeyPem },
        };
        try
        {
            info.Methods.AddRange((await methods.ListAsync(context.CancellationToken)).Where(copying.Allows).Select(method => method.ToProto()));
        }
        catch (MethodsUnknownException e)
        {
            info.MethodsProblem = e.Message;
        }

        return info;
    }
}
