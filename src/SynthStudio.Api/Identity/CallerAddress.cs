namespace SynthStudio.Api.Identity;

/// <summary>Where a call comes from, as far as the connection tells.</summary>
internal static class CallerAddress
{
    /// <summary>The IP address of whoever connected; empty where there is none.</summary>
    public static string Of(ServerCallContext context) => context.GetHttpContext().Connection.RemoteIpAddress?.ToString() ?? "";
}
