using System.Globalization;

namespace SynthStudio.Cli.Progress;

/// <summary>Sizes for people.</summary>
internal static class Bytes
{
    /// <summary>For example <c>812 B</c>, <c>3.4 MB</c>.</summary>
    public static string Short(long bytes) => bytes switch
    {
        < 1000 => $"{bytes} B",
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB"),
    };
}
