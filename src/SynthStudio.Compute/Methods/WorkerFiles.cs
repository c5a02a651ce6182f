namespace SynthStudio.Compute;

/// <summary>A worker executable and how new it is, with the libraries of ours beside it that hold what it can do.</summary>
/// <param name="Executable">Path of the executable.</param>
/// <param name="Newest">When the newest of these files was written.</param>
internal readonly record struct WorkerFiles(string Executable, DateTime Newest)
{
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static WorkerFiles Of(string executable)
    {
        var file = new FileInfo(executable);
        if (!file.Exists) throw new FileNotFoundException($"The worker executable {executable} does not exist.");
        var ours = file.Directory!.EnumerateFiles("SynthStudio.*.dll").Append(file);
        return new WorkerFiles(file.FullName, ours.Max(f => f.LastWriteTimeUtc));
    }
}
