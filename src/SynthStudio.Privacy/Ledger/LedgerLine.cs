using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SynthStudio.Privacy.Ledger;

/// <summary>
/// An entry with its place in the chain: the hash of each line is a keyed hash (HMAC-SHA-256) of the line before it and of its own text, so that
/// no line can be changed, left out or added in between by whoever does not hold the key.
/// </summary>
/// <param name="Sequence">1, 2, 3, ... within a population.</param>
/// <param name="Time">When it was written, in microseconds since 1970; for people, nothing is decided by it.</param>
/// <param name="Actor">Who caused it, a principal or a generator.</param>
/// <param name="Dataset">The data set it came through.</param>
/// <param name="Entry">What it says.</param>
public sealed record LedgerLine(long Sequence, long Time, string Actor, string Dataset, LedgerEntry Entry)
{
    /// <summary>The hash before the first line.</summary>
    public static ReadOnlySpan<byte> Root => new byte[HMACSHA256.HashSizeInBytes];

    /// <summary>The line as one text, always the same for the same line: what is stored and hashed.</summary>
    public string ToText()
    {
        var json = new JsonObject { ["sequence"] = Sequence, ["time"] = Time, ["actor"] = Actor, ["dataset"] = Dataset, ["kind"] = Entry.Kind };
        switch (Entry)
        {
            case BudgetSet set:
                (json["nano_epsilon"], json["atto_delta"]) = (set.Budget.NanoEpsilon, set.Budget.AttoDelta);
                break;
            case Reserved asked:
                (json["job"], json["nano_epsilon"], json["atto_delta"]) = (asked.Job, asked.Price.NanoEpsilon, asked.Price.AttoDelta);
                if (asked.Part is { } part) json["part"] = new JsonObject { ["dataset"] = part.Dataset, ["name"] = part.Name };
                break;
            case Touched touched:
                json["job"] = touched.Job;
                break;
            case Released released:
                json["job"] = released.Job;
                break;
            case Committed done:
                (json["job"], json["event"], json["overspent"]) = (done.Job, done.Event, done.Overspent);
                break;
            case PartitionDeclared divided:
                (json["divided"], json["partition"]) = (divided.Dataset, divided.Partition.ToJson());
                break;
            case NonPrivateRelease open:
                (json["what"], json["subject"]) = (open.What, open.Subject);
                break;
        }

        return json.ToJsonString();
    }

    /// <exception cref="LedgerException">The text is not that of a line.</exception>
    public static LedgerLine Parse(string text)
    {
        try
        {
            var json = JsonNode.Parse(text)?.AsObject() ?? throw new JsonException("It is empty.");
            LedgerEntry entry = Text("kind") switch
            {
                "budget_set" => new BudgetSet(Price()),
                "reserved" => new Reserved(Text("job"), Price(), Part()),
                "partition_declared" => new PartitionDeclared(Text("divided"), Partition.Parse(Text("partition"))),
                "touched" => new Touched(Text("job")),
                "released" => new Released(Text("job")),
                "committed" => new Committed(Text("job"), Text("event"), (bool)Find("overspent")),
                "non_private" => new NonPrivateRelease(Text("what"), Text("subject")),
                var kind => throw new JsonException($"There is no entry of kind {kind}."),
            };
            return new LedgerLine(Number("sequence"), Number("time"), Text("actor"), Text("dataset"), entry);

            JsonNode Find(string name) => json[name] ?? throw new JsonException($"It has no {name}.");

            string Text(string name) => (string)Find(name)!;

            long Number(string name) => (long)Find(name);

            LedgerPart? Part() => json["part"] is { } part ? new LedgerPart((string)part["dataset"]!, (string)part["name"]!) : null;

            PrivacyPrice Price() => new(Number("nano_epsilon"), Number("atto_delta"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new LedgerException(LedgerError.ChainBroken, $"A line of the ledger cannot be read: {e.Message}");
        }
    }

    /// <summary>The hash of a line's text after the line before it.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> key, ReadOnlySpan<byte> previous, string text) =>
        HMACSHA256.HashData(key, [.. previous, .. Encoding.UTF8.GetBytes(text)]);
}
