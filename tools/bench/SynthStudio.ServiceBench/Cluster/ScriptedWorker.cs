namespace SynthStudio.ServiceBench;

/// <summary>The tests' worker that does what its order's script says, in a folder of its own.</summary>
internal sealed class ScriptedWorker : IDisposable
{
    /// <summary>The method that it says it knows.</summary>
    public const string Method = "scripted";

    private readonly string _folder;

    private ScriptedWorker(string folder) => _folder = folder;

    /// <summary>The executable.</summary>
    public string Path => System.IO.Path.Combine(_folder, "SynthStudio.TestWorker.dll");

    public static ScriptedWorker In(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory).Where(f =>
                     System.IO.Path.GetFileName(f) is var name && (name.StartsWith("SynthStudio.TestWorker.", StringComparison.Ordinal)
                         || name is "SynthStudio.Worker.Protocol.dll" or "Google.Protobuf.dll")))
            File.Copy(file, System.IO.Path.Combine(folder, System.IO.Path.GetFileName(file)));
        File.WriteAllText(System.IO.Path.Combine(folder, "describe.txt"), Method);
        return new(folder);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
