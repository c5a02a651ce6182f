namespace SynthStudio.Architecture.Tests;

/// <summary>Who may know whom. The table is the architecture; a new reference changes it here first.</summary>
[TestClass]
public sealed class DependencyRules
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["SynthStudio.Tabular"] = [],
        ["SynthStudio.Privacy"] = [],
        ["SynthStudio.Mock"] = ["SynthStudio.Tabular"],
        ["SynthStudio.Synthesis"] = ["SynthStudio.Tabular", "SynthStudio.Privacy", "SynthStudio.Mock"],
        ["SynthStudio.Evaluation"] = ["SynthStudio.Tabular", "SynthStudio.Reporting"],
        ["SynthStudio.Reporting"] = [],
        ["SynthStudio.Evidence"] = [],
        ["SynthStudio.Contracts"] = [],
        ["SynthStudio.Assistant"] = [],
        ["SynthStudio.Worker.Protocol"] = [],
        ["SynthStudio.Worker"] =
            ["SynthStudio.Tabular", "SynthStudio.Mock", "SynthStudio.Synthesis", "SynthStudio.Evaluation", "SynthStudio.Worker.Protocol"],
        ["SynthStudio.Orchestration.Abstractions"] = [],
        ["SynthStudio.Orchestration"] = ["SynthStudio.Orchestration.Abstractions"],
        ["SynthStudio.Storage"] = ["SynthStudio.Orchestration.Abstractions"],
        ["SynthStudio.Compute"] =
            ["SynthStudio.Orchestration.Abstractions", "SynthStudio.Storage", "SynthStudio.Worker.Protocol"],
        ["SynthStudio.Catalog"] = ["SynthStudio.Evidence", "SynthStudio.Orchestration.Abstractions", "SynthStudio.Privacy", "SynthStudio.Storage"],
        ["SynthStudio.Api"] =
        [
            "SynthStudio.Assistant", "SynthStudio.Contracts", "SynthStudio.Evidence", "SynthStudio.Orchestration.Abstractions", "SynthStudio.Privacy", "SynthStudio.Catalog",
            "SynthStudio.Reporting", "SynthStudio.Storage",
        ],
        ["SynthStudio.Hosting"] =
        [
            "SynthStudio.Api", "SynthStudio.Catalog", "SynthStudio.Compute", "SynthStudio.Orchestration",
            "SynthStudio.Orchestration.Abstractions", "SynthStudio.Storage",
        ],
        ["SynthStudio.Silo"] = ["SynthStudio.Hosting"],
        ["synth"] =
            ["SynthStudio.Hosting", "SynthStudio.Contracts", "SynthStudio.Evidence", "SynthStudio.Mock", "SynthStudio.Privacy", "SynthStudio.Worker.Protocol"],
    };

    private static readonly Solution Solution = Solution.Load();

    [TestMethod]
    public void Every_library_and_host_has_a_rule_and_keeps_it()
    {
        var shipped = Solution.Projects.Values.Where(IsShipped);
        var breaches = shipped.SelectMany(p => Allowed.TryGetValue(p.Name, out var allowed)
            ? p.References.Except(allowed).Select(r => $"{p.Name} references {r}")
            : [$"{p.Name} has no rule"]);

        Assert.AreEqual("", string.Join(Environment.NewLine, breaches));
    }

    [TestMethod]
    public void References_have_no_circles()
    {
        var circles = Solution.Projects.Values
            .Where(p => p.References.Any(r => Solution.Closure(r).Contains(p.Name)))
            .Select(p => p.Name);

        Assert.AreEqual("", string.Join(", ", circles));
    }

    [TestMethod]
    [DataRow("SynthStudio.Synthesis", "Microsoft.Orleans,Grpc.,Microsoft.EntityFrameworkCore")]
    [DataRow("SynthStudio.Evaluation", "Microsoft.Orleans,Grpc.,Microsoft.EntityFrameworkCore")]
    [DataRow("SynthStudio.Worker", "Microsoft.Orleans,Grpc.AspNetCore,Microsoft.EntityFrameworkCore")]
    [DataRow("SynthStudio.Assistant", "Grpc.,Google.Protobuf,Microsoft.Orleans,Microsoft.EntityFrameworkCore")]
    [DataRow("SynthStudio.Evidence", "Microsoft.Orleans,Google.Protobuf,Grpc.,Microsoft.EntityFrameworkCore")]
    [DataRow("SynthStudio.Hosting", "TorchSharp,libtorch")]
    [DataRow("SynthStudio.Silo", "TorchSharp,libtorch")]
    [DataRow("synth", "TorchSharp,libtorch")]
    [DataRow("SynthStudio.Orchestration.Abstractions", "Google.Protobuf,Grpc.")]
    [DataRow("SynthStudio.Orchestration", "Google.Protobuf,Grpc.,Microsoft.EntityFrameworkCore")]
    public void No_project_reaches_a_package_it_must_not_know(string project, string forbidden)
    {
        var found = Solution.Packages(project).Where(p => forbidden.Split(',').Any(f => p.StartsWith(f, StringComparison.OrdinalIgnoreCase)));

        Assert.AreEqual("", string.Join(", ", found));
    }

    /// <summary>Tests, benchmarks and development tools may look into everything.</summary>
    private static bool IsShipped(Solution.Project project) =>
        project.Name == "synth" || Path.GetRelativePath(Solution.Root, project.File).Split(Path.DirectorySeparatorChar)[0] is not ("tests" or "tools");
}
