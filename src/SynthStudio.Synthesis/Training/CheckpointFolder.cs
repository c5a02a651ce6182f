using System.Globalization;
using System.Text.Json;
using SynthStudio.Synthesis.Packages;

namespace SynthStudio.Synthesis.Training;

/// <summary>The checkpoints of one training: written aside, verified, renamed; the last two are kept.</summary>
/// <param name="folder">Created when it does not exist.</param>
/// <param name="fingerprint">Identifies data, options and seed; a checkpoint of another training is refused.</param>
internal sealed class CheckpointFolder(string folder, string fingerprint)
{
    private const string Prefix = "checkpoint-", Suffix = ".synckpt";
    private const int Kept = 2;

    /// <summary>Writes a checkpoint and returns its file.</summary>
    public string Write(TrainingState state, Dictionary<string, float[]> tensors)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{state.Step:D12}{Suffix}"));
        var aside = file + ".part";
        var content = new TensorFile
        {
            Facts = { ["fingerprint"] = fingerprint, ["state"] = JsonSerializer.Serialize(state) },
            Tensors = tensors,
        };
        using (var stream = new FileStream(aside, FileMode.Create, FileAccess.Write))
        {
            stream.Write(content.ToBytes());
            stream.Flush(flushToDisk: true);
        }

        TensorFile.FromBytes(File.ReadAllBytes(aside));
        File.Move(aside, file, overwrite: true);
        foreach (var old in Newest().Skip(Kept)) File.Delete(old);
        return file;
    }

    /// <summary>The newest undamaged checkpoint; null when there is none.</summary>
    /// <exception cref="SynthesisException">It belongs to another training.</exception>
    public (TrainingState State, Dictionary<string, float[]> Tensors)? Read()
    {
        if (!Directory.Exists(folder)) return null;
        foreach (var file in Newest())
        {
            try
            {
                var content = TensorFile.FromBytes(File.ReadAllBytes(file));
                if (content.Facts.GetValueOrDefault("fingerprint") != fingerprint)
                {
                    throw new SynthesisException(
                        SynthesisError.PackageCorrupt, "The checkpoint belongs to another training: data, method, options or seed differ.", "checkpoint");
                }

                return (JsonSerializer.Deserialize<TrainingState>(content.Facts["state"])!, content.Tensors);
            }
            catch (Exception error) when (error is InvalidDataException or JsonException or KeyNotFoundException)
            {
                // Damaged: the one before it is as good, only older.
            }
        }

        return null;
    }

    private List<string> Newest() =>
        Directory.EnumerateFiles(folder, Prefix + "*" + Suffix).OrderByDescending(file => Path.GetFileName(file), StringComparer.Ordinal).ToList();
}
