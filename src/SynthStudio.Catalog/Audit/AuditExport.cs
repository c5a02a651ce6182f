using System.Text.Json;

namespace SynthStudio.Catalog.Audit;

/// <summary>
/// A trail as a text file, to keep elsewhere and to check without the server: first its chain and the public key, then a line an entry with its
/// hash, last the signed end.
/// </summary>
public static class AuditExport
{
    public const string MediaType = "application/x-ndjson";

    public static string First(string chain, string publicKeyPem) => JsonSerializer.Serialize(new { chain, public_key_pem = publicKeyPem });

    /// <summary>The hashed text itself is in it as a string, so that nothing can be lost in rewriting it.</summary>
    public static string Line(string line, byte[] hash) => JsonSerializer.Serialize(new { line, sha256 = Convert.ToHexStringLower(hash) });

    public static string Last(AuditHead head) => JsonSerializer.Serialize(
        new { sequence = head.Sequence, sha256 = Convert.ToHexStringLower(head.Hash), signature = Convert.ToHexStringLower(head.Signature) });

    /// <summary>Checks an exported trail.</summary>
    /// <param name="file">The file.</param>
    /// <param name="publicKeyPem">The server's public key, had from the server itself; null takes the file's own, which proves that the file is whole only.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <exception cref="FormatException">The text is no exported trail.</exception>
    public static async Task<AuditFindings> VerifyAsync(TextReader file, string? publicKeyPem, CancellationToken cancellation = default)
    {
        var first = Parse(await file.ReadLineAsync(cancellation));
        var (chain, key) = (Text(first, "chain"), publicKeyPem ?? Text(first, "public_key_pem"));
        using var seal = AuditSeal.Public(key);
        var verification = new AuditVerification(chain, seal);
        AuditHead? head = null;
        while (await file.ReadLineAsync(cancellation) is { } row)
        {
            if (row.Length == 0) continue;
            var json = Parse(row);
            if (head is not null) throw new FormatException("The file goes on after its signed end.");
            if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("line", out _))
            {
                var line = Text(json, "line");
                var sequence = AuditLine.Read(line).Sequence;
                verification.Remember(sequence);
                verification.Add(sequence, line, Hex(json, "sha256"));
                verification.Forget(sequence - 1);
            }
            else
            {
                head = new AuditHead(chain, Number(json, "sequence"), Hex(json, "sha256"), Hex(json, "signature"));
            }
        }

        if (head is not null) verification.CheckHead(head, seal);
        else if (verification.Lines > 0) verification.Note(verification.Sequence, AuditFaultKind.Missing, "The signed end is missing: lines may have been cut off.");
        return new AuditFindings(verification.Lines, verification.Faults.Count == 0 ? head : null, head?.Sequence ?? 0, verification.Faults, key)
        {
            Restores = verification.Restores,
        };
    }

    private static JsonElement Parse(string? row)
    {
        try
        {
            return JsonDocument.Parse(row ?? "").RootElement;
        }
        catch (JsonException e)
        {
            throw new FormatException("The file is no exported audit trail.", e);
        }
    }

    private static string Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new FormatException($"The file is no exported audit trail: '{name}' is missing.");

    private static long Number(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : throw new FormatException($"The file is no exported audit trail: '{name}' is missing.");

    private static byte[] Hex(JsonElement json, string name) => Convert.FromHexString(Text(json, name));
}
