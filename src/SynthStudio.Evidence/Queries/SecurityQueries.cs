using SynthStudio.Evidence.Facts;

namespace SynthStudio.Evidence.Queries;

/// <summary>How what is stored and what leaves is protected.</summary>
public static class SecurityQueries
{
    public static FactQuery AtRest { get; } = new("encryption-at-rest", "Are stored rows encrypted?", facts =>
    {
        var stored = facts.Datasets.Where(d => d.IsEncrypted is not null).ToList();
        var open = stored.Where(d => d.IsEncrypted == false).ToList();
        List<Fact> found =
        [
            new(facts.Installation.EncryptsObjects
                ? "What is stored from now on is encrypted (AES-256-GCM) by keys of the project, themselves sealed by a master key."
                : "Encryption of objects is off; secrets in the database (keys of tokens, of projects and of second factors) are sealed in any case.", InstallationFacts.Source),
            new($"Objects lie in {(facts.Installation.UsesBucket ? "a bucket" : "a folder of the server")}.", InstallationFacts.Source),
        ];
        if (stored.Count > 0) found.Add(new Fact($"{stored.Count - open.Count} of {Wording.Count(stored.Count, "real table")} {(stored.Count == 1 ? "is" : "are")} stored encrypted.", stored[0].Source));
        if (facts.Installation.EncryptsObjects && open.Count == 0) return Answer.Supports(found);
        return facts.Installation.EncryptsObjects
            ? Answer.Partly($"Stored before encryption was on, and so readable on the disk or in the bucket: {Wording.List(open.Select(d => d.Label))}.", found)
            : Answer.Gapped("Rows, models and reports are stored as they are. Whether the disk or bucket below encrypts them is not stored here.", found);
    });

    public static FactQuery InTransit { get; } = new("encryption-in-transit", "Is what goes over networks encrypted?", facts =>
    {
        var receivers = facts.Receivers.Where(r => r.IsOn).ToList();
        const string Proxy = "TLS ends at a proxy in front of the server, which cannot see it: nothing is stored about it.";
        List<string> gaps = [Proxy];
        if (receivers.Any(r => !r.IsEncrypted)) gaps.Add($"Events go without TLS to {Wording.List(receivers.Where(r => !r.IsEncrypted).Select(r => r.Host))}.");
        gaps.AddRange(facts.Connections.Where(c => c.Tls != ConnectionFacts.Verified).Select(c => $"Rows go {c.Protection} between here and {c.Host}."));
        List<Fact> found =
        [
            .. receivers.Where(r => r.IsEncrypted).Select(r => new Fact($"Events to {r.Host} go over TLS, signed.", r.Source)),
            .. facts.Connections.Where(c => c.Tls == ConnectionFacts.Verified).Select(c => new Fact($"Rows between here and {c.Host} go over TLS with a certificate that is checked.", c.Source)),
        ];
        return found.Count == 0 && gaps.Count == 1 ? Answer.NotMeasured(Proxy) : Answer.Of(found, gaps);
    });

    public static FactQuery Receivers { get; } = new("receivers", "Which other systems are told of the project?", facts =>
    {
        List<Fact> found =
        [
            .. facts.Receivers.Select(r => new Fact($"{Wording.Id(r.Source.Resource)} sends names and states, no values of data, to {r.Host}{(r.IsOn ? "" : "; it is switched off")}.", r.Source)),
        ];
        if (found.Count == 0) found.Add(new Fact("No webhook sends events of this project anywhere.", new FactSource($"{facts.Project}/webhooks")));
        found.AddRange(facts.Connections.Select(c => new Fact(
            c.WasUsed ? $"Rows were moved {c.Protection}: {Wording.Count(c.Imported.Count, "data set")} from {c.Host}, {Wording.Count(c.Exported.Count, "synthetic data set")} and the real rows of {Wording.Count(c.ExportedReal.Count, "data set")} to it, as far as transfers are kept."
                : $"Rows may be moved from and to {c.Host}, {c.Protection}; none were, as far as transfers are kept.", c.Source)));
        found.Add(new Fact($"Real rows left by {Wording.Count(facts.Trail.RealExports, "export")} to databases and buckets, and by {Wording.Count(facts.Trail.RealDownloads, "download")}, as the trail of the project has it.", facts.Trail.Source));
        if (facts.Installation.LanguageModels.Count > 0)
            found.Add(new Fact($"What members ask the assistant goes to {Wording.List(facts.Installation.LanguageModels)}, with names and figures; values of real rows by consent alone.", InstallationFacts.Source));
        found.AddRange(facts.Consents.Select(c => new Fact($"An owner consented that values of {c.Dataset} are sent to {Wording.List(c.Recipients)}.", c.Source)));
        List<string> open =
        [
            .. facts.Receivers.Where(r => r is { IsOn: true, IsEncrypted: false }).Select(r => r.Host),
            .. facts.Connections.Where(c => c.Tls != ConnectionFacts.Verified).Select(c => $"{c.Host} ({c.Protection})"),
        ];
        return Answer.Of(found, open.Count == 0 ? [] : [$"Not protected: {Wording.List(open)}."]);
    }, IsInventory: true);

    public static FactQuery Integrity { get; } = new("integrity", "Would a change of what is stored be noticed?", facts =>
    {
        var named = facts.Datasets.Where(d => d.Source.Sha256 is not null).Select(d => d.Source)
            .Concat(facts.Models.Select(g => g.Source)).Concat(facts.Evaluations.Where(e => e.Source.Sha256 is not null).Select(e => e.Source)).ToList();
        return named.Count == 0 ? Answer.NotApplicable("Nothing is stored.") : Answer.Supports(
            new Fact($"{Wording.Count(named.Count, "table, model or report", "tables, models and reports")} are named by the SHA-256 of their bytes, which is checked when they are read.", named[0]));
    });

    /// <summary>Something that this software keeps nothing about.</summary>
    public static FactQuery NotStored(string id, string question, string what) => new(id, question, _ => Answer.NotMeasured($"Nothing is stored here about {what}."));
}
