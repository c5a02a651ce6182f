namespace SynthStudio.Testing;

/// <summary>Where things are in a checkout.</summary>
public static class Repository
{
    /// <summary>The folder that holds SynthStudio.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The command line, built in the same configuration as these tests.</summary>
    public static string Synth { get; } = SynthOf(Root);

    /// <summary>The host that containers run, likewise.</summary>
    public static string Silo { get; } = SiloOf(Root);

    /// <summary>The worker, likewise.</summary>
    public static string Worker { get; } = Built(Root, "SynthStudio.Worker");

    /// <summary>The command line of a checkout.</summary>
    public static string SynthOf(string checkout) => Built(checkout, "synth");

    /// <summary>The host that containers run, of a checkout.</summary>
    public static string SiloOf(string checkout) => Built(checkout, "SynthStudio.Silo");

    /// <summary>Any executable of this version.</summary>
    public static string Executable(string project) => Built(Root, project);

    private static string Built(string checkout, string project) => Path.GetFullPath(Path.Combine(
        checkout, "artifacts", "bin", project, new DirectoryInfo(AppContext.BaseDirectory).Name, OperatingSystem.IsWindows() ? $"{project}.exe" : project));

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
