using System.Text.Json;

namespace SynthStudio.Hosting;

/// <summary>Where a running server listens; kept in <c>server.json</c> of its data folder while it runs.</summary>
/// <param name="Grpc">gRPC over HTTP/2.</param>
/// <param name="Http">gRPC-Web and JSON over HTTP/1.1.</param>
/// <param name="ProcessId">The process that serves.</param>
public sealed record ServerAddresses(Uri Grpc, Uri Http, int ProcessId)
{
    private const string FileName = "server.json";

    /// <summary>The addresses that a server with this data folder wrote; null when none runs.</summary>
    public static ServerAddresses? Read(string dataFolder)
    {
        var file = Path.Combine(dataFolder, FileName);
        return File.Exists(file) ? JsonSerializer.Deserialize<ServerAddresses>(File.ReadAllBytes(file)) : null;
    }

    internal void Write(string dataFolder)
    {
        var file = Path.Combine(dataFolder, FileName);
        File.WriteAllBytes(file + ".new", JsonSerializer.SerializeToUtf8Bytes(this));
        File.Move(file + ".new", file, overwrite: true);
    }

    internal static void Remove(string dataFolder) => File.Delete(Path.Combine(dataFolder, FileName));
}
