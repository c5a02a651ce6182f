using SynthStudio.Evidence.Facts;
using SynthStudio.Evidence.Queries;

namespace SynthStudio.Evidence.Flow;

/// <summary>Where something stands in the picture, from left to right.</summary>
public enum Lane
{
    /// <summary>Who works with the project.</summary>
    People,

    /// <summary>Real tables.</summary>
    Tables,

    /// <summary>What learned them.</summary>
    Models,

    /// <summary>What was drawn.</summary>
    Rows,

    /// <summary>What compares both, and what is written down.</summary>
    Records,

    /// <summary>What is told to others.</summary>
    Outside,
}

/// <summary>Something that holds data, or that data go to.</summary>
/// <param name="Id">Resource name, or a name of ours.</param>
/// <param name="Lane">Where it stands.</param>
/// <param name="Title">For people.</param>
/// <param name="Detail">What is in it.</param>
/// <param name="HoldsRealRows">Whether real rows are in it.</param>
public sealed record FlowNode(string Id, Lane Lane, string Title, string Detail, bool HoldsRealRows = false);

/// <summary>Data that go from one to the other.</summary>
/// <param name="From">Id.</param>
/// <param name="To">Id.</param>
/// <param name="What">What goes.</param>
/// <param name="CarriesRealRows">Whether real rows do.</param>
public sealed record FlowEdge(string From, string To, string What, bool CarriesRealRows = false);

/// <summary>Who holds what, where real rows are, and what leaves: made from lineage and configuration alone.</summary>
/// <param name="Nodes">By lane.</param>
/// <param name="Edges">Between them.</param>
/// <param name="Store">What the objects lie in.</param>
public sealed record DataFlow(IReadOnlyList<FlowNode> Nodes, IReadOnlyList<FlowEdge> Edges, string Store)
{
    /// <summary>More than this in a lane are drawn as one; but not those outside, each of which is told of the project.</summary>
    private const int MostInLane = 7;

    public static DataFlow Of(ProjectFacts facts)
    {
        var nodes = new List<FlowNode>();
        var edges = new List<FlowEdge>();
        var drawn = new HashSet<string>(StringComparer.Ordinal);

        foreach (var role in facts.Access.Members.GroupBy(m => m.Role).OrderBy(g => g.Key == "Owner" ? 0 : g.Key == "Editor" ? 1 : 2))
        {
            var sees = facts.Access.RealRows == "Editors" ? role.Key is "Owner" or "Editor" : facts.Access.RealRows == "Owners" && role.Key == "Owner";
            nodes.Add(new FlowNode($"role:{role.Key}", Lane.People, Wording.Count(role.Count(), role.Key.ToLowerInvariant()), sees ? "may see real rows" : "may not see real rows"));
        }

        Lay(Lane.Tables, facts.Datasets, d => d.Name, d => new FlowNode(
            d.Name, Lane.Tables, d.Label,
            d.IsWithheld ? "withheld: tells nothing" : d.Rows is { } rows ? Wording.Count(rows, "row") : d.State.ToLowerInvariant(),
            HoldsRealRows: d.Source.Sha256 is not null));
        Lay(Lane.Models, facts.Generators, g => g.Name, g => new FlowNode(
            g.Name, Lane.Models, g.DisplayName.Length > 0 ? g.Label : $"model {Labels.Short(g.Name)}",
            g.ModelSha256 is null ? $"{g.Method}, no model yet"
                : g.IsDeclared ? $"{g.Method}, no data"
                : g.Promise is { } p ? $"{g.Method}, epsilon {Wording.Number(p.Epsilon)}"
                : $"{g.Method}, no promise"));
        Lay(Lane.Rows, facts.SyntheticDatasets, s => s.Name, s => new FlowNode(
            s.Name, Lane.Rows, s.Label, Wording.Count(s.Rows, "invented row")));
        Lay(Lane.Records, facts.Evaluations, e => e.Name, e => new FlowNode(
            e.Name, Lane.Records,
            e.Scored.Contains("/generators/", StringComparison.Ordinal) ? $"report {Labels.Short(e.Scored)}" : Labels.Short(e.Name),
            "figures about both tables"));
        nodes.Add(new FlowNode("trail", Lane.Records, "audit trail", $"{Wording.Count(facts.Trail.Entries, "line")}, names only"));

        foreach (var role in nodes.Where(n => n.Lane == Lane.People).ToList())
        {
            edges.Add(new FlowEdge(role.Id, "trail", "what they do, by name"));
            if (role.Detail == "may see real rows")
                foreach (var table in nodes.Where(n => n is { Lane: Lane.Tables, HoldsRealRows: true }))
                    edges.Add(new FlowEdge(table.Id, role.Id, "rows, to be looked at", CarriesRealRows: true));
        }

        foreach (var table in facts.Datasets.Where(d => d.PreviousVersion.Length > 0)) Join(table.PreviousVersion, table.Name, "next version", real: true);
        foreach (var model in facts.Generators) Join(model.Dataset, model.Name, "rows, to learn from", real: true);
        foreach (var rows in facts.SyntheticDatasets) Join(rows.Generator, rows.Name, "drawn rows", real: false);
        foreach (var report in facts.Evaluations)
        {
            Join(report.Scored, report.Name, "rows, to compare", real: false);
            Join(report.Dataset, report.Name, "rows, to compare with", real: true);
        }

        AddOutside(facts, nodes, edges);
        AddMoved(facts, nodes, Join);
        var store = $"{(facts.Installation.UsesBucket ? "Bucket" : "Folder of the server")}, {(facts.Installation.EncryptsObjects ? "encrypted by keys of the project" : "not encrypted by this software")}";
        return new DataFlow(nodes, [.. edges.Distinct()], store);

        void Lay<T>(Lane lane, IReadOnlyList<T> items, Func<T, string> name, Func<T, FlowNode> make)
        {
            foreach (var item in items.Take(items.Count > MostInLane ? MostInLane - 1 : MostInLane))
            {
                nodes.Add(make(item));
                drawn.Add(name(item));
            }

            if (items.Count > MostInLane)
                nodes.Add(new FlowNode(More(lane), lane, $"and {items.Count - MostInLane + 1} more", "listed below", HoldsRealRows: lane == Lane.Tables));
        }

        void Join(string from, string to, string what, bool real)
        {
            var (start, end) = (Place(from), Place(to));
            if (start is not null && end is not null && start != end) edges.Add(new FlowEdge(start, end, what, real));
        }

        string? Place(string name) => drawn.Contains(name) || nodes.Any(n => n.Lane == Lane.Outside && n.Id == name) ? name
            : name.Split('/') is [_, _, var collection, ..] && LaneOf(collection) is { } lane && nodes.Any(n => n.Id == More(lane)) ? More(lane) : null;
    }

    /// <summary>The picture in words.</summary>
    public IReadOnlyList<string> InWords()
    {
        var titles = Nodes.ToDictionary(n => n.Id, n => $"{n.Title} ({n.Detail})");
        return
        [
            .. Edges.Where(e => e.CarriesRealRows).Select(e => $"Real rows go from {titles[e.From]} to {titles[e.To]}: {e.What}."),
            .. Edges.Where(e => !e.CarriesRealRows && e.To != "trail").Select(e => $"{titles[e.From]} gives to {titles[e.To]}: {e.What}."),
            $"Objects lie in: {Store}.",
        ];
    }

    /// <summary>Where rows came from and went to, real rows that were downloaded, and the language models that members ask.</summary>
    private static void AddMoved(ProjectFacts facts, List<FlowNode> nodes, Action<string, string, string, bool> join)
    {
        foreach (var place in facts.Connections)
        {
            var id = $"place:{place.Tls}:{place.Host}";
            nodes.Add(new FlowNode(id, Lane.Outside, place.Host, place.WasUsed ? $"moved {place.Protection}" : "nothing moved", place.HoldsRealRows));
            foreach (var table in place.Imported) join(id, table, "rows, imported", true);
            foreach (var rows in place.Exported) join(rows, id, "synthetic rows, exported", false);
            foreach (var table in place.ExportedReal) join(table, id, "real rows, exported", true);
        }

        const string Downloads = "real-downloads";
        if (facts.Datasets.Where(d => facts.Trail.Downloads.ContainsKey(d.Name)).ToList() is { Count: > 0 } downloaded)
        {
            nodes.Add(new FlowNode(Downloads, Lane.Outside, "downloaded tables", $"{Wording.Count(downloaded.Sum(d => facts.Trail.Downloads[d.Name]), "download")} in the trail", HoldsRealRows: true));
            foreach (var table in downloaded) join(table.Name, Downloads, "real rows, downloaded", true);
        }

        foreach (var model in facts.Installation.LanguageModels)
        {
            var consents = facts.Consents.Where(c => c.Recipients.Contains(model)).ToList();
            nodes.Add(new FlowNode($"model:{model}", Lane.Outside, model, $"language model{(consents.Count > 0 ? ", by consent" : ", no values")}"));
            foreach (var consent in consents) join(consent.Dataset, $"model:{model}", "values, by an owner's consent", true);
        }
    }

    private static void AddOutside(ProjectFacts facts, List<FlowNode> nodes, List<FlowEdge> edges)
    {
        foreach (var receiver in facts.Receivers.Where(r => r.IsOn && facts.Installation.SendsWebhooks))
        {
            nodes.Add(new FlowNode(receiver.Source.Resource, Lane.Outside, receiver.Host, $"events: names and states{(receiver.IsEncrypted ? "" : ", without TLS")}"));
            edges.Add(new FlowEdge("trail", receiver.Source.Resource, "names and states, no values of data"));
        }

        if (facts.Installation.MailDelivery == "Smtp") nodes.Add(new FlowNode("mail", Lane.Outside, "mail server", "mails to members about their accounts"));
        foreach (var provider in facts.Installation.SignInProviders) nodes.Add(new FlowNode($"provider:{provider}", Lane.Outside, provider, "signs members in"));
        var exports = facts.Trail.CountOf(m => m is "GeneratorService/ExportGenerator");
        if (exports > 0)
        {
            nodes.Add(new FlowNode("exports", Lane.Outside, "downloaded models", $"{Wording.Count(exports, "download")} in the trail"));
            foreach (var model in nodes.Where(n => n.Lane == Lane.Models).ToList()) edges.Add(new FlowEdge(model.Id, "exports", "model package"));
        }

        if (facts.SyntheticDatasets.Count == 0) return;
        nodes.Add(new FlowNode("downloads", Lane.Outside, "member downloads", "synthetic rows, not noted"));
        foreach (var rows in nodes.Where(n => n.Lane == Lane.Rows).ToList()) edges.Add(new FlowEdge(rows.Id, "downloads", "synthetic rows"));
    }

    private static string More(Lane lane) => $"more:{lane}";

    private static Lane? LaneOf(string collection) => collection switch
    {
        "datasets" => Lane.Tables,
        "generators" => Lane.Models,
        "syntheticDatasets" => Lane.Rows,
        "evaluations" => Lane.Records,
        _ => null,
    };
}
