using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SynthStudio.Evidence.Sealing;

/// <summary>The signed end of a file, in the form that its readers pass over: a comment in HTML and Markdown, a last property in JSON.</summary>
internal sealed record SealedEnd(EvidenceLabel Label, byte[] Signature, byte[] PublicKey)
{
    private const string CommentStart = "<!-- synthstudio-evidence ", CommentEnd = " -->\n";
    private const string PropertyStart = ",\n\"signed\":", PropertyEnd = "}\n";

    /// <summary>A JSON object without its closing brace.</summary>
    public static byte[] Open(byte[] json)
    {
        var text = json.AsSpan().TrimEnd((byte)'\n');
        return text.Length > 2 && text[^1] == '}' && text[^2] != '{' ? text[..^1].ToArray() : throw new ArgumentException("The content is no JSON object with properties.", nameof(json));
    }

    /// <summary>The bytes of the end.</summary>
    public byte[] Write()
    {
        var json = new StringBuilder()
            .Append("{\"pack\":\"").Append(Label.Pack).Append("\",\"version\":").Append(Label.Number.ToString(CultureInfo.InvariantCulture))
            .Append(",\"format\":\"").Append(Label.Format).Append("\",\"facts_sha256\":\"").Append(Label.FactsSha256)
            .Append("\",\"algorithm\":\"ECDSA P-256 SHA-256\",\"signature\":\"").Append(Convert.ToBase64String(Signature))
            .Append("\",\"public_key\":\"").Append(Convert.ToBase64String(PublicKey)).Append("\"}");
        return Encoding.UTF8.GetBytes(Label.Format == EvidenceFormat.Json ? $"{PropertyStart}{json}{PropertyEnd}" : $"{CommentStart}{json}{CommentEnd}");
    }

    /// <summary>Takes a file apart.</summary>
    /// <exception cref="FormatException">It has no such end, or one that was not written so.</exception>
    public static (byte[] Body, SealedEnd End) Split(ReadOnlySpan<byte> file)
    {
        foreach (var (start, end) in new[] { (PropertyStart, PropertyEnd), (CommentStart, CommentEnd) })
        {
            var at = file.LastIndexOf(Encoding.UTF8.GetBytes(start));
            if (at < 0) continue;
            var tail = file[at..];
            if (!tail.EndsWith(Encoding.UTF8.GetBytes(end))) continue;
            var read = Read(tail[start.Length..^end.Length]);
            // There is one way only to write it: what reads alike and is written otherwise was changed.
            if (!read.Write().AsSpan().SequenceEqual(tail)) throw new FormatException("The signed end of the file was changed.");
            return (file[..at].ToArray(), read);
        }

        throw new FormatException("The file is no evidence pack: its signed end is missing or damaged.");
    }

    private static SealedEnd Read(ReadOnlySpan<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json.ToArray());
            var end = document.RootElement;
            return new SealedEnd(
                new EvidenceLabel(
                    end.GetProperty("pack").GetString()!, end.GetProperty("version").GetInt32(), Enum.Parse<EvidenceFormat>(end.GetProperty("format").GetString()!),
                    end.GetProperty("facts_sha256").GetString()!),
                end.GetProperty("signature").GetBytesFromBase64(), end.GetProperty("public_key").GetBytesFromBase64());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException
            or ArgumentException or FormatException or OverflowException)
        {
            throw new FormatException("The signed end of the file was changed.", e);
        }
    }
}
