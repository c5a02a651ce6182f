using System.Net;

namespace SynthStudio.Hosting;

/// <summary>How much a user and an address may ask for where nobody said it: on loopback, for the server's own user, as much as they like.</summary>
internal static class DefaultLimits
{
    /// <summary>Calls a second of a user: more than a person or a program makes that waits for its answers.</summary>
    public const double RequestsPerSecond = 50;

    /// <summary>Calls a second from an address, which several users may share.</summary>
    public const double AddressRequestsPerSecond = 200;

    /// <summary>Streams of a user at once.</summary>
    public const int MaxStreams = 200;

    /// <summary>Projects that a user may have made.</summary>
    public const int MaxProjectsPerUser = 100;

    /// <summary>Whether the server is one process that only programs on its own machine reach.</summary>
    public static bool IsForItsUserOnly(ServerOptions options) =>
        !options.Database.IsPostgres && IPAddress.TryParse(options.BindAddress, out var bind) && IPAddress.IsLoopback(bind);

    /// <summary>Limits what is not said.</summary>
    public static void Apply(ServerOptions options)
    {
        if (IsForItsUserOnly(options)) return;
        options.Api.RequestsPerSecond ??= RequestsPerSecond;
        options.Api.AddressRequestsPerSecond ??= AddressRequestsPerSecond;
        options.Api.MaxStreams ??= MaxStreams;
        options.Api.MaxProjectsPerUser ??= MaxProjectsPerUser;
    }
}
