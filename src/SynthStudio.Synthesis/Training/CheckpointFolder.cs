using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using SynthStudio.Synthesis.Packages;

namespace SynthStudio.Synthesis.Training;

/// <summary>The checkpoints of one training: written aside, verified, renamed; the last two are kept.</summary>
/// <param name="folder">Created when it does not exist.</param>
/// <param name="fingerprint">Identifies data, options and seed.</param>
/// <param name="resumeFrom">Checkpoints elsewhere, newest first, older than any in the folder.</param>
/// <remarks>
/// A checkpoint of another training in the folder is its user's mistake and refused. One from elsewhere was written for this training, by a version of the
/// program that saw it otherwise: it is left out like a damaged one. A file that was once told of is never written again: whoever was told may be reading it,
/// or have moved it away, while the same step gets another checkpoint. So files are named by step and by a number that only goes up.
/// </remarks>
internal sealed class CheckpointFolder(string folder, string fingerprint, IReadOnlyList<string> resumeFrom)
{
    private const string Prefix = "checkpoint-", Suffix = ".synckpt";
    private const int Kept = 2;

    /// <summary>The best loss is infinite until the first one was measured.</summary>
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Of the last file that was written or found here. Files may leave the folder, so it is not read off them each time.</summary>
    private long number;

    /// <summary>Writes a checkpoint and returns its file.</summary>
    public string Write(TrainingState state, Dictionary<string, float[]> tensors)
    {
        Directory.CreateDirectory(folder);
        number = Math.Max(number, Files().Select(found => found.Number).DefaultIfEmpty().Max()) + 1;
        var file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{state.Step:D12}-{number:D4}{Suffix}"));
        var aside = file + ".part";
        var content = new TensorFile
        {
            Facts = { ["fingerprint"] = fingerprint, ["state"] = JsonSerializer.Serialize(state, Json) },
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
    /// <param name="observer">Hears of each newer one that is damaged.</param>
    /// <returns>Its content, and how many newer ones could not be read.</returns>
    /// <exception cref="SynthesisException">One in the folder belongs to another training.</exception>
    public (TrainingState State, Dictionary<string, float[]> Tensors, int Refused)? Read(ITrainingObserver observer)
    {
        Directory.CreateDirectory(folder);
        var refused = 0;
        foreach (var (file, isHere) in Newest().Select(file => (file, true)).Concat(resumeFrom.Select(file => (file, false))))
        {
            try
            {
                var content = TensorFile.FromBytes(File.ReadAllBytes(file));
                if (content.Facts.GetValueOrDefault("fingerprint") != fingerprint)
                {
                    if (isHere)
                    {
                        throw new SynthesisException(
                            SynthesisError.PackageCorrupt, "The checkpoint belongs to another training: data, method, options or seed differ.", "checkpoint");
                    }

                    Refuse(file, "was written by a version that this one cannot go on from");
                    continue;
                }

                return (JsonSerializer.Deserialize<TrainingState>(content.Facts["state"], Json)!, content.Tensors, refused);
            }
            catch (Exception error) when (error is InvalidDataException or JsonException or KeyNotFoundException or FileNotFoundException)
            {
                // The one before it is as good, only older.
                Refuse(file, error is FileNotFoundException ? "is missing" : "cannot be read");
            }
        }

        return null;

        void Refuse(string file, string reason)
        {
            refused++;
            observer.CheckpointRefused(file, reason);
        }
    }

    private List<string> Newest() => [.. Files().OrderByDescending(found => found.Number).ThenByDescending(found => found.Step).Select(found => found.File)];

    private IEnumerable<(string File, long Step, long Number)> Files() => Directory.EnumerateFiles(folder, Prefix + "*" + Suffix).Select(Named);

    /// <summary>What a file's name says. A version before this one named files by step alone: all of those are older than any with a number.</summary>
    private static (string File, long Step, long Number) Named(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file)[Prefix.Length..].Split('-');
        return (file, Part(0), Part(1));

        long Part(int at) => at < name.Length && long.TryParse(name[at], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;
    }
}
