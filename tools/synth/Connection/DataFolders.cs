using System.Diagnostics;
using SynthStudio.Hosting;

namespace SynthStudio.Cli.Connection;

/// <summary>Where a hosted service keeps its data, and whether somebody serves it already.</summary>
internal static class DataFolders
{
    /// <summary>Names another folder.</summary>
    public const string Variable = "SYNTHSTUDIO_DATA";

    /// <summary>What <see cref="Variable"/> names, else <c>synthstudio</c> in the user's folder for application data.</summary>
    public static DirectoryInfo Default() => new(
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "synthstudio"));

    /// <summary>How to reach the server that runs on <paramref name="folder"/>; null when none does.</summary>
    public static (Uri Address, string Key)? FindServer(DirectoryInfo folder)
    {
        var key = Path.Combine(folder.FullName, "admin.key");
        return ServerAddresses.Read(folder.FullName) is { } found && IsAlive(found.ProcessId) && File.Exists(key)
            ? (found.Grpc, File.ReadAllText(key).Trim())
            : null;
    }

    private static bool IsAlive(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
