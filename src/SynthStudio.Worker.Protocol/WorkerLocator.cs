namespace SynthStudio.Worker.Protocol;

/// <summary>Finds the worker executable: it is built and shipped beside its starters, never inside them, because it alone carries libtorch.</summary>
public static class WorkerLocator
{
    /// <summary>Names the executable when it lies somewhere unusual.</summary>
    public const string Variable = "SYNTHSTUDIO_WORKER";

    private static readonly string FileName = OperatingSystem.IsWindows() ? "SynthStudio.Worker.exe" : "SynthStudio.Worker";

    /// <summary>
    /// The executable: what <see cref="Variable"/> names; else the one in the folder <c>worker</c> beside this program (as published);
    /// else the one this program's build made (<c>artifacts/bin/SynthStudio.Worker/configuration[_runtime]</c>).
    /// </summary>
    /// <exception cref="FileNotFoundException">There is none; the message says where it was sought.</exception>
    public static string Find()
    {
        var named = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(named))
        {
            return File.Exists(named) ? Path.GetFullPath(named) : throw new FileNotFoundException($"{Variable} names {named}, which does not exist.");
        }

        var here = AppContext.BaseDirectory;
        return Candidates(here).FirstOrDefault(File.Exists) ?? throw new FileNotFoundException(
            $"The worker executable was not found beside {here}. Build src/SynthStudio.Worker, or name it in {Variable}.");
    }

    private static IEnumerable<string> Candidates(string here)
    {
        yield return Path.Combine(here, "worker", FileName);

        // artifacts/bin/<project>/<configuration>[_<runtime>]/
        var output = new DirectoryInfo(Path.TrimEndingDirectorySeparator(here));
        var builds = new DirectoryInfo(Path.Combine(output.Parent?.Parent?.FullName ?? here, "SynthStudio.Worker"));
        if (builds.Exists)
        {
            var configuration = output.Name.Split('_')[0];
            foreach (var build in builds.EnumerateDirectories(configuration + "*").OrderByDescending(d => d.LastWriteTimeUtc))
            {
                yield return Path.Combine(build.FullName, FileName);
            }
        }
    }
}
