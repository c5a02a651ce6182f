using System.Diagnostics;
using SynthStudio.Tabular;

namespace SynthStudio.Bench;

/// <summary>Profiles one file and prints its speed, in time and in processor time, which other programs disturb less.</summary>
internal static class ProfileCommand
{
    public static int Run(Arguments arguments)
    {
        if (arguments.Take("data") is not { } data)
        {
            Console.Error.WriteLine("profile needs --data FILE");
            return 2;
        }

        var steps = new Steps();
        var fingerprints = arguments.Take("fingerprints") == "true" ? new RowFingerprints(new byte[16]) : null;
        var profile = Profiler.Profile(data, options: new ProfileOptions { Fingerprints = fingerprints }, progress: steps);
        using var process = Process.GetCurrentProcess();
        var megabytes = new FileInfo(data).Length / 1e6;
        Console.WriteLine($"{profile.Rows} rows, {profile.Columns.Count} columns, {megabytes:N0} MB");
        Console.WriteLine($"seconds  {steps.Elapsed:N1}, {megabytes / steps.Elapsed:N0} MB/s (stored after {steps.Stored:N1} s)");
        Console.WriteLine($"cpu      {process.TotalProcessorTime.TotalSeconds:N1} s (stored after {steps.StoredCpu:N1} s)");
        Console.WriteLine($"memory   {process.PeakWorkingSet64 / 1e6:N0} MB at most");
        if (fingerprints is not null) Console.WriteLine($"fingerprints {fingerprints.ToJson().Length / 1e3:N0} kB");
        if (arguments.Take("out") is { } file) File.WriteAllText(file, profile.ToJson());
        return 0;
    }

    private sealed class Steps : IProgress<double>
    {
        private readonly Stopwatch clock = Stopwatch.StartNew();

        public double Elapsed => clock.Elapsed.TotalSeconds;

        public double Stored { get; private set; }

        public double StoredCpu { get; private set; }

        public void Report(double value)
        {
            if (Stored > 0 || value < 0.4) return;
            using var process = Process.GetCurrentProcess();
            (Stored, StoredCpu) = (Elapsed, process.TotalProcessorTime.TotalSeconds);
        }
    }
}
