using SynthStudio.Api.Transfers;

namespace SynthStudio.Api.Tests.Transfers;

/// <summary>Transfers from and to the tests' own servers.</summary>
internal static class TestTransfers
{
    /// <summary>Lets transfers reach this machine without TLS, and begin at once.</summary>
    public static void ReachTestServers(this TransferOptions options)
    {
        options.AllowedNetworks.Add("127.0.0.0/8");
        options.AllowUnprotected = true;
        options.PollInterval = TimeSpan.FromMilliseconds(20);
    }
}
