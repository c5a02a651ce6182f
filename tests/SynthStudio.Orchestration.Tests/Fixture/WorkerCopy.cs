namespace SynthStudio.Orchestration.Tests;

/// <summary>The scripted worker in a folder of its own, so that a test decides what it says of itself.</summary>
internal sealed class WorkerCopy : IDisposable
{
    private const string Worker = "SynthStudio.TestWorker.dll";

    public WorkerCopy()
    {
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory).Where(f =>
                     System.IO.Path.GetFileName(f) is var name && (name.StartsWith("SynthStudio.TestWorker.", StringComparison.Ordinal)
                         || name is "SynthStudio.Worker.Protocol.dll" or "Google.Protobuf.dll")))
            File.Copy(file, System.IO.Path.Combine(Folder, System.IO.Path.GetFileName(file)));
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("synthstudio-worker-").FullName;

    /// <summary>The executable.</summary>
    public string Path => System.IO.Path.Combine(Folder, Worker);

    /// <summary>How often it was asked what it can do.</summary>
    public int Asked => System.IO.Path.Combine(Folder, "asked.txt") is var file && File.Exists(file) ? File.ReadAllLines(file).Length : 0;

    public void Knows(params string[] methods) => File.WriteAllLines(System.IO.Path.Combine(Folder, "describe.txt"), methods);

    public void Sees(params string[] devices) => File.WriteAllLines(System.IO.Path.Combine(Folder, "devices.txt"), devices);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
