using SynthStudio.Cli.Outcome;
using SynthStudio.Hosting;

namespace SynthStudio.Cli.Connection;

/// <summary>A client with what stands behind it: nothing for a remote server, else the service hosted in this process.</summary>
internal sealed class ServerSession : IAsyncDisposable
{
    private readonly EmbeddedServer? server;
    private readonly DirectoryInfo? temporaryData;

    private ServerSession(SynthClient client, EmbeddedServer? server = null, DirectoryInfo? temporaryData = null)
    {
        Client = client;
        this.server = server;
        this.temporaryData = temporaryData;
    }

    public SynthClient Client { get; }

    /// <summary>Whether the service runs in this process.</summary>
    public bool IsHosted => server is not null;

    /// <summary>Connects to the server that was named, or hosts one over a temporary folder that is deleted in the end.</summary>
    public static async Task<ServerSession> OpenAsync(ConnectionSettings settings, CancellationToken cancellation)
    {
        if (settings.Server is { } address)
        {
            return new ServerSession(new SynthClient(address, settings.Credential, settings.Project));
        }

        var temporary = Directory.CreateTempSubdirectory("synth-");
        try
        {
            return await HostAsync(settings, temporary, temporary, cancellation);
        }
        catch
        {
            temporary.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>Connects to the server that was named, else to the one that serves <paramref name="folder"/>, else hosts one over it.</summary>
    public static async Task<ServerSession> OpenAsync(
        ConnectionSettings settings, DirectoryInfo folder, CancellationToken cancellation, bool computes = true)
    {
        if (settings.Server is not null)
        {
            return await OpenAsync(settings, cancellation);
        }

        return DataFolders.FindServer(folder) is var (address, key)
            ? new ServerSession(new SynthClient(address, () => new ValueTask<string>(key), settings.Project))
            : await HostAsync(settings, folder, null, cancellation, computes);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        temporaryData?.Delete(recursive: true);
    }

    private static async Task<ServerSession> HostAsync(
        ConnectionSettings settings, DirectoryInfo folder, DirectoryInfo? temporary, CancellationToken cancellation, bool computes = true)
    {
        var options = new EmbeddedServerOptions
        {
            DataFolder = folder.FullName, HttpPort = 0, GrpcPort = 0, Compute = computes,
            AllowCopyingMethods = temporary is not null, // Nobody else comes to what is gone in the end.
        };
        var server = await EmbeddedServer.StartAsync(options, cancellation);
        if (server.AdminKey.Length == 0)
        {
            await server.DisposeAsync();
            throw new BadInputException($"The first administrator, for whom commands act in {folder.FullName}, is locked out. Serve it by synth serve, and call with --server and a key or session of your own.");
        }

        return new ServerSession(new SynthClient(server.GrpcAddress, () => new ValueTask<string>(server.AdminKey), settings.Project), server, temporary);
    }
}
