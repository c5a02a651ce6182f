namespace SynthStudio.Testing;

/// <summary>Where things are in a checkout.</summary>
public static class Repository
{
    /// <summary>The folder that holds SynthStudio.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The command line, built in the same configuration as these tests.</summary>
    public static string Synth { get; } = Built("synth");

    /// <summary>The host that containers run, likewise.</summary>
    public static string Silo { get; } = Built("SynthStudio.Silo");

    /// <summary>The worker, likewise.</summary>
    public static string Worker { get; } = Built("SynthStudio.Worker");

    private static string Built(string project) => Path.Combine(
        Root, "artifacts", "bin", project, new DirectoryInfo(AppContext.BaseDirectory).Name, OperatingSystem.IsWindows() ? $"{project}.exe" : project);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SynthStudio.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("These tests run inside the repository.");
    }
}
