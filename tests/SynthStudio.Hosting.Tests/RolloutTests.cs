using System.Text.RegularExpressions;
using k8s.Models;
using YamlDotNet.RepresentationModel;
using static SynthStudio.Hosting.Tests.DeployFiles;

namespace SynthStudio.Hosting.Tests;

/// <summary>
/// What is rolled out is the version that was meant, in the order that holds, and what an image says of
/// itself is what was asked of its build.
/// </summary>
[TestClass]
public sealed partial class RolloutTests
{
    private static readonly string Images = Path.Combine(Kubernetes, "images", Kustomization);

    [TestMethod]
    public void Every_image_of_ours_comes_from_a_registry_under_a_tag_and_both_stand_in_one_file()
    {
        var images = ((YamlSequenceNode)Yaml(Images)["images"]).Children.ToDictionary(i => $"{i["name"]}");
        foreach (var (name, image) in images)
        {
            Assert.MatchesRegex($@"^[a-z0-9.-]+\.[a-z]+/.*{name}$", $"{image["newName"]}", "A name without a registry means Docker's library.");
            Assert.MatchesRegex("^[0-9]", $"{image["newTag"]}");
        }

        Assert.HasCount(1, images.Values.Select(i => $"{i["newTag"]}").Distinct().ToList(), "A version is set in one line.");
        Assert.AreEqual($"{images["synthstudio-api"]["newTag"]}", Version().Match(File.ReadAllText(Path.Combine(Root, "Directory.Build.props"))).Groups[1].Value);
        var pods = Manifests().Select(PodOf).OfType<V1PodTemplateSpec>().Select(pod => pod.Spec.Containers.Single()).ToList();
        CollectionAssert.AreEquivalent(images.Keys, pods.Select(c => c.Image).Distinct().ToList());
        Assert.IsTrue(pods.TrueForAll(c => c.ImagePullPolicy is null), "By the tag.");
        foreach (var reader in Manifests().OfType<V1Pod>()) Assert.Contains(":", reader.Spec.Containers.Single().Image, "A tag.");
    }

    [TestMethod]
    public void What_kustomize_applies_is_every_manifest_that_an_operator_need_not_fill_in_first()
    {
        var applied = new List<string>();
        foreach (var file in Directory.EnumerateFiles(Kubernetes, Kustomization, SearchOption.AllDirectories).Where(file => file != Images))
        {
            var folder = Path.GetDirectoryName(file)!;
            var resources = ((YamlSequenceNode)Yaml(file)["resources"]).Children.Select(r => Path.Combine(folder, $"{r}")).ToList();
            applied.AddRange(resources);
            var setsImages = Yaml(file).Children.TryGetValue("components", out var components) && $"{((YamlSequenceNode)components).Children.Single()}" == "../images";
            Assert.AreEqual(resources.SelectMany(ManifestsOf).Any(m => PodOf(m) is not null), setsImages, file);
        }

        string[] byHand = [Path.Combine(Kubernetes, "admin-key.yaml"), Path.Combine(Kubernetes, "secrets.example.yaml")];
        CollectionAssert.AreEquivalent(ManifestFiles().Except(byHand).ToList(), applied);
    }

    [TestMethod]
    public void Operators_are_told_an_order_that_holds_and_the_migration_is_made_anew_each_time()
    {
        var told = File.ReadAllText(Path.Combine(Deploy, "README.md"));
        var steps = new[]
        {
            "apply -k base", "apply -f secrets.yaml", "delete job migrate --ignore-not-found", "apply -k migration", "wait --for=condition=complete --timeout=10m job/migrate", "apply -k silos",
            "rollout status", "apply -k api",
        }.Select(step => told.IndexOf(step, StringComparison.Ordinal)).ToList();

        Assert.DoesNotContain(-1, steps);
        CollectionAssert.AreEqual(steps.Order().ToList(), steps);
        Assert.AreEqual("migrate", Manifests().OfType<V1Job>().Single().Name(), "What is deleted is what is made.");
        Assert.Contains("delete job migrate --ignore-not-found", File.ReadAllText(Path.Combine(Kubernetes, "migration", "migrate.yaml")));
    }

    /// <summary>
    /// A published worker shares its files with the folder of the build: a silo that is published after it, and
    /// builds it along, would change it to one for the CPU.
    /// </summary>
    [TestMethod]
    [DataRow("Dockerfile.api", 1)]
    [DataRow("Dockerfile.silo", 2)]
    public void The_worker_of_an_image_is_built_once_for_its_backend_and_checked_as_the_image_builds_it(string file, int builds)
    {
        var commands = Commands(File.ReadAllText(Path.Combine(Root, file)));
        var check = File.ReadAllText(Path.Combine(Deploy, "check"));

        Assert.HasCount(builds, commands);
        Assert.IsTrue(commands.Where(c => c.Contains("silo/SynthStudio.Silo", StringComparison.Ordinal)).All(c => c.Contains(" -p:WithWorker=false", StringComparison.Ordinal)), file);
        Assert.IsTrue(commands.Where(c => c.Contains("src/SynthStudio.Worker", StringComparison.Ordinal)).All(c => c.Contains(" -p:TorchBackend=BACKEND", StringComparison.Ordinal)), file);
        foreach (var command in commands) Assert.Contains(command, Commands(check));
    }

    /// <summary>What is published, without where to and how loudly.</summary>
    private static List<string> Commands(string text) =>
        [.. Publish().Matches(text).Select(m => m.Groups[1].Value.Replace("$TORCH_BACKEND", "BACKEND", StringComparison.Ordinal).Replace("\"$backend\"", "BACKEND", StringComparison.Ordinal))];

    [GeneratedRegex(@"dotnet publish (\S+( -(?!o )\S+( (?!-)\S+)?)*) -o ")]
    private static partial Regex Publish();

    [GeneratedRegex("<Version>(.*)</Version>")]
    private static partial Regex Version();
}
