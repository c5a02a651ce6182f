using System.Globalization;

namespace SynthStudio.ClusterTorture;

/// <summary>The wall clock of one process, as libfaketime shows it: what it is off by stands in a file. Its monotonic clock stays true.</summary>
/// <param name="file">The file.</param>
internal sealed class FakeClock(string file)
{
    private const string Library = "libfaketime.so.1";

    private static readonly string[] Folders =
        ["/usr/lib/x86_64-linux-gnu/faketime", "/usr/lib/aarch64-linux-gnu/faketime", "/usr/lib64/faketime", "/usr/lib/faketime"];

    private static readonly string? Path = Folders.Select(folder => System.IO.Path.Combine(folder, Library)).FirstOrDefault(File.Exists);

    public static bool IsPossible => Path is not null;

    /// <summary>What to start the process by: it becomes the program that follows.</summary>
    public string[] Launcher => Path is null
        ? []
        : ["env", $"LD_PRELOAD={Path}", $"FAKETIME_TIMESTAMP_FILE={file}", "FAKETIME_CACHE_DURATION=1", "FAKETIME_DONT_FAKE_MONOTONIC=1",
            "FAKETIME_FORCE_MONOTONIC_FIX=0", // Its mending of timed waits makes those of .NET return at once.
        ];

    /// <summary>The process notices within a second.</summary>
    public void Set(TimeSpan offset)
    {
        var draft = file + ".new";
        File.WriteAllText(draft, string.Create(CultureInfo.InvariantCulture, $"{offset.TotalSeconds:+0.0;-0.0;+0}s\n"));
        File.Move(draft, file, overwrite: true);
    }
}
