using System.Text.Json.Nodes;
using SynthStudio.Api.Services;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Tests.Resources;

/// <summary>Whom the data policy does not name is told nothing by a profile that few rows, or a single one, tell.</summary>
[TestClass]
public sealed class ProfileGuardTests : ApiTest
{
    private const string Profile = """
        {"source":{"format":"csv"},"rows":200,"duplicate_rows":4,"columns":[
          {"name":"city","kind":"categorical","missing":2,"distinct":3,"personal_data":[],"sensitivity":"none","values_withheld":false,
           "lengths":{"minimum":2,"mean":5.5,"maximum":31},"top_values":[{"value":"Rome","rows":190},{"value":"Oslo","rows":5},{"value":"Hidden hamlet","rows":3}]},
          {"name":"income","kind":"integer","missing":0,"distinct":180,"personal_data":[],"sensitivity":"none","values_withheld":false,
           "numbers":{"minimum":17,"maximum":987654321,"mean":50.5,"standard_deviation":2.5,"zeros":3,"negative":9,"sampled":false,"minimum_text":"17","maximum_text":"987654321",
             "quantiles":[{"share":0.01,"value":18},{"share":0.05,"value":21},{"share":0.5,"value":50},{"share":0.95,"value":80},{"share":0.99,"value":900000000}],
             "histogram":[{"from":17,"to":500000000,"rows":199},{"from":500000000,"to":987654321,"rows":1}]},
           "top_values":[{"value":"987654321","rows":1}]},
          {"name":"rarely","kind":"integer","missing":197,"distinct":3,"personal_data":[],"sensitivity":"none","values_withheld":false,
           "numbers":{"minimum":1,"maximum":3,"mean":2,"standard_deviation":1,"zeros":0,"negative":0,"sampled":false,"minimum_text":"1","maximum_text":"3","quantiles":[{"share":0.5,"value":2}],"histogram":[]},"top_values":[]},
          {"name":"diagnosis","kind":"categorical","missing":0,"distinct":2,"personal_data":[],"sensitivity":"sensitive","values_withheld":false,"top_values":[{"value":"flu","rows":150}]},
          {"name":"age","kind":"integer","missing":0,"distinct":60,"personal_data":[],"sensitivity":"quasi_identifier","values_withheld":false,
           "numbers":{"minimum":18,"maximum":99,"mean":44,"standard_deviation":9,"zeros":0,"negative":0,"sampled":false,"minimum_text":"18","maximum_text":"99","quantiles":[],"histogram":[]},"top_values":[{"value":"44","rows":11}]}],
         "correlations":{"columns":["income","age"],"values":[[1,0.5],[0.5,1]]}}
        """;

    [TestMethod]
    public async Task Only_those_whom_the_policy_names_see_values_of_few_rows()
    {
        var tenant = await Tenant.CreateAsync(Server);
        var store = Server.Get<DatasetStore>();
        await store.UpdateAsync((await store.FindAsync(tenant.Dataset))! with { Profile = await Server.Worker.PutAsync(Profile) });
        using var owner = Server.Client(tenant.Key);
        var (member, key) = await Server.UserAsync();
        await owner.Projects.SetProjectMemberAsync(new() { Parent = tenant.Project, Member = new() { User = member, Role = V1.ProjectRole.Editor } });
        using var editor = Server.Client(key);
        await owner.Datasets.UpdateDatasetSensitivityAsync(new()
        {
            DatasetSensitivity = new() { Name = $"{tenant.Dataset}/sensitivity", Columns = { new V1.ColumnSensitivity { Column = "diagnosis", Mark = V1.Sensitivity.None } } },
        });

        var whole = await ReadAsync(owner);
        Assert.AreEqual((Profile, false), (whole.Json, whole.Guarded));
        var cut = await ReadAsync(editor);
        Assert.IsTrue(cut.Guarded);
        foreach (var few in (string[])["Hidden hamlet", "987654321", "17", "900000000", "31", "\"flu\",\"rows\":1}"]) Assert.DoesNotContain(few, cut.Json);

        var columns = JsonNode.Parse(cut.Json)!["columns"]!.AsArray().ToDictionary(column => (string)column!["name"]!, column => column!.AsObject());
        Assert.AreEqual("Rome 190", Top(columns["city"]), "With Oslo it would be told that five rows have another value or none.");
        Assert.IsNull(JsonNode.Parse(cut.Json)!["duplicate_rows"]);
        Assert.AreEqual("", string.Join(' ', columns.Where(c => c.Key is "city" or "rarely")
            .SelectMany(c => (string[])["missing", "distinct"], (c, count) => c.Value[count] is null ? "" : count)
            .Where(c => c.Length > 0)));
        Assert.AreEqual((0, 180), ((int)columns["income"]["missing"]!, (int)columns["income"]["distinct"]!));
        Assert.AreEqual("0.05 0.5 0.95", string.Join(' ', columns["income"]["numbers"]!["quantiles"]!.AsArray().Select(q => q!["share"]!.ToJsonString())));
        Assert.AreEqual((50.5, 9, true), ((double)columns["income"]["numbers"]!["mean"]!, (int)columns["income"]["numbers"]!["negative"]!, columns["income"]["numbers"]!["zeros"] is null));
        Assert.IsNull(columns["rarely"]["numbers"], "Three rows have a value.");
        Assert.AreEqual((true, true), ((bool)columns["diagnosis"]["values_withheld"]!, columns["diagnosis"]["top_values"] is null), "Every editor can mark it as none.");
        Assert.AreEqual((true, true, true), ((bool)columns["age"]["values_withheld"]!, columns["age"]["numbers"] is null, columns["age"]["top_values"] is null));
        Assert.AreEqual(ProfileGuard.LeastRows, (int)JsonNode.Parse(cut.Json)!["least_rows"]!);

        await owner.Datasets.UpdateDataPolicyAsync(new() { DataPolicy = new() { Name = $"{tenant.Project}/dataPolicy", RealRows = V1.RealRowAccess.Editors } });
        Assert.AreEqual(Profile, (await ReadAsync(editor)).Json);
        await owner.Datasets.UpdateDataPolicyAsync(new() { DataPolicy = new() { Name = $"{tenant.Project}/dataPolicy", RealRows = V1.RealRowAccess.Nobody } });
        Assert.AreEqual(cut.Json, (await ReadAsync(owner)).Json);

        async Task<V1.DatasetProfile> ReadAsync(ApiClient client) => await client.Datasets.GetDatasetProfileAsync(new() { Name = $"{tenant.Dataset}/profile" });

        static string Top(JsonObject column) => string.Join(", ", column["top_values"]!.AsArray().Select(value => $"{value!["value"]} {value["rows"]}"));
    }

    [TestMethod]
    public async Task Findings_do_not_tell_in_how_few_values_they_were_made()
    {
        const string found = """
            {"rows":200,"columns":[{"name":"contact","kind":"categorical","missing":0,"distinct":197,"sensitivity":"direct_identifier","values_withheld":true,
              "personal_data":[{"kind":"email","by_name":false,"share":0.0102,"confidence":0.66,"in_text":false,"reasons":["2 of 197 examined distinct values are mailboxes at a domain"]}]}]}
            """;
        var tenant = await Tenant.CreateAsync(Server);
        var store = Server.Get<DatasetStore>();
        await store.UpdateAsync((await store.FindAsync(tenant.Dataset))! with { Profile = await Server.Worker.PutAsync(found) });
        using var owner = Server.Client(tenant.Key);
        using var viewer = Server.Client(await MemberAsync(tenant, ProjectRole.Viewer));

        Assert.AreEqual("2 of 197 examined distinct values are mailboxes at a domain", (await FindAsync(owner)).Reasons.Single());
        var told = await FindAsync(viewer);
        Assert.AreEqual((0.45, 0.0, "some of the examined distinct values are mailboxes at a domain"), (told.Confidence, told.Share, told.Reasons.Single()));
        var profile = (await viewer.Datasets.GetDatasetProfileAsync(new() { Name = $"{tenant.Dataset}/profile" })).Json;
        foreach (var count in (string[])["197", "2 of", "0.66", "0.0102"]) Assert.DoesNotContain(count, profile);

        async Task<V1.PersonalDataFinding> FindAsync(ApiClient client) =>
            (await client.Datasets.GetDatasetSensitivityAsync(new() { Name = $"{tenant.Dataset}/sensitivity" })).Columns.Single(c => c.Column == "contact").Findings.Single();
    }

    [TestMethod]
    [DataRow(0.45, 0.45)]
    [DataRow(0.798, 0.45)]
    [DataRow(0.89, 0.45)]
    [DataRow(0.9, 0.9)]
    [DataRow(0.99, 0.9)]
    public void A_confidence_is_told_as_the_step_that_it_reaches(double exact, double told) => Assert.AreEqual(told, FindingGuard.Confidence(exact));

    /// <summary>Every column of up to 14 rows, and all that is told alike of others: who knows the rules cannot tell which it was.</summary>
    [TestMethod]
    public void No_count_of_few_rows_or_of_all_but_few_can_be_worked_out()
    {
        for (var rows = 1; rows <= 14; rows++)
        {
            var told = new Dictionary<string, List<(int Missing, int Left)>>(StringComparer.Ordinal);
            for (var missing = 0; missing <= rows; missing++)
            {
                foreach (var counts in Partitions(rows - missing, rows - missing))
                {
                    var top = string.Join(',', counts.Select((count, i) => $$"""{"value":"v{{i}}","rows":{{count}} }"""));
                    var guarded = ProfileGuard.Guard(
                        $$"""{"rows":{{rows}},"columns":[{"name":"c","missing":{{missing}},"distinct":{{counts.Count}},"top_values":[{{top}}]}]}""", new HashSet<string>());
                    var shown = JsonNode.Parse(guarded)!["columns"]![0]!["top_values"]!.AsArray().Select(value => (int)value!["rows"]!).ToList();
                    Assert.IsFalse(shown.Any(count => count < 5 || rows - count is > 0 and < 5), guarded);
                    if (!told.TryGetValue(guarded, out var alike)) told.Add(guarded, alike = []);
                    alike.Add((missing, rows - missing - shown.Sum()));
                }
            }

            foreach (var (json, alike) in told)
            {
                Assert.IsFalse(
                    alike.Select(column => column.Missing).Distinct().ToList() is [var missing]
                        && (missing is > 0 and < 5 || rows - missing is > 0 and < 5),
                    json);
                Assert.IsFalse(alike.Select(column => column.Left).Distinct().ToList() is [> 0 and < 5], json);
            }
        }

        static IEnumerable<List<int>> Partitions(int sum, int most)
        {
            if (sum == 0) return [[]];
            return Enumerable.Range(1, Math.Min(sum, most)).SelectMany(first => Partitions(sum - first, first).Select(rest => (List<int>)[first, .. rest]));
        }
    }

    [TestMethod]
    [DataRow(100, 0, 40, 57, "", DisplayName = "three rows are above zero")]
    [DataRow(100, 0, 40, 55, "zeros negative", DisplayName = "five rows are above zero")]
    [DataRow(100, 2, 40, 52, "", DisplayName = "two are missing, and six above zero")]
    [DataRow(100, 2, 40, 20, "zeros negative", DisplayName = "two are missing")]
    [DataRow(100, 0, 2, 60, "negative", DisplayName = "two are zero")]
    [DataRow(100, 0, 0, 98, "", DisplayName = "all but two are negative")]
    [DataRow(100, 10, 0, 0, "zeros negative", DisplayName = "none")]
    public void Zeros_and_negative_numbers_do_not_tell_of_few_rows(int rows, int missing, int zeros, int negative, string told)
    {
        var guarded = JsonNode.Parse(ProfileGuard.Guard(
            $$"""{"rows":{{rows}},"columns":[{"name":"c","missing":{{missing}},"distinct":30,"numbers":{"zeros":{{zeros}},"negative":{{negative}},"quantiles":[]} }]}""", new HashSet<string>()))!;

        var numbers = guarded["columns"]![0]!["numbers"]!.AsObject();
        Assert.AreEqual(told, string.Join(' ', new[] { "zeros", "negative" }.Where(count => numbers[count] is not null)));
    }

    [TestMethod]
    public void Signs_are_not_told_beside_values_since_both_together_count_what_is_left()
    {
        // 50 rows have -1, 98 have 3, 50 have 5; of the rest, 10 rows, two are negative.
        var guarded = JsonNode.Parse(ProfileGuard.Guard(
            """{"rows":208,"columns":[{"name":"c","missing":0,"distinct":8,"numbers":{"zeros":0,"negative":52,"quantiles":[]},"top_values":[{"value":"3","rows":98},{"value":"-1","rows":50},{"value":"5","rows":50}]}]}""",
            new HashSet<string>()))!["columns"]![0]!;

        Assert.HasCount(3, guarded["top_values"]!.AsArray());
        Assert.AreEqual((true, true), (guarded["numbers"]!["zeros"] is null, guarded["numbers"]!["negative"] is null));
    }

    [TestMethod]
    [DataRow("texts, 3 of 41 distinct values are no numbers")]
    [DataRow("texts; all but 2 of 200 values are numbers: where the others mean a missing one, list them as missing_markers")]
    [DataRow("texts; NA in 4 rows read as missing values (missing_markers)")]
    [DataRow("every value is a whole number, 1 infinite ones read as missing")]
    [DataRow("texts, 99% distinct")]
    public void Why_a_column_has_its_kind_is_not_told_as_that_counts_what_few_rows_hold(string reason)
    {
        var guarded = JsonNode.Parse(ProfileGuard.Guard(
            $$"""{"rows":200,"columns":[{"name":"c","kind":"categorical","reason":"{{reason}}","missing":0,"distinct":41,"personal_data":[]}]}""", new HashSet<string>()))!;

        var column = guarded["columns"]![0]!.AsObject();
        Assert.AreEqual("name kind missing distinct personal_data", string.Join(' ', column.Select(property => property.Key)));
    }

    [TestMethod]
    public void A_profile_of_a_version_before_is_guarded_as_far_as_it_goes()
    {
        Assert.AreEqual("""{"rows":3,"least_rows":5}""", ProfileGuard.Guard("""{"rows":3,"correlations":{}}""", new HashSet<string>()));
        Assert.ThrowsExactly<System.Text.Json.JsonException>(() => ProfileGuard.Guard("[]", new HashSet<string>()));
    }
}
