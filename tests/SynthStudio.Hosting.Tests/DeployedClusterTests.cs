using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using k8s.Models;
using Microsoft.Extensions.Configuration;
using Npgsql;
using SynthStudio.Orchestration;
using YamlDotNet.RepresentationModel;
using static SynthStudio.Hosting.Tests.DeployFiles;

namespace SynthStudio.Hosting.Tests;

/// <summary>A cluster of the files under tools/deploy can be entered, knows who calls, and keeps its secrets out of its images.</summary>
[TestClass]
public sealed partial class DeployedClusterTests
{
    [TestMethod]
    public void The_first_administrators_key_is_written_where_it_lasts_and_can_be_read()
    {
        var manifests = Manifests();
        var job = manifests.OfType<V1Job>().Single().Spec.Template.Spec;
        var file = job.Containers.Single().Env.Single(v => v.Name == "SynthStudio__Migration__AdminKeyFile").Value;
        var claim = ClaimOf(job, file);
        Assert.IsTrue(manifests.OfType<V1PersistentVolumeClaim>().Any(c => c.Name() == claim), claim);

        var reader = manifests.OfType<V1Pod>().Single().Spec;
        Assert.AreEqual(claim, ClaimOf(reader, file));
        Assert.IsTrue(reader.Containers.Single().VolumeMounts.Single().ReadOnlyProperty);
        Assert.AreEqual(job.SecurityContext.RunAsUser, reader.SecurityContext.RunAsUser, "Only its user reads the key.");
        var hardening = reader.Containers.Single().SecurityContext;
        Assert.AreEqual((true, false, "ALL"), (hardening.ReadOnlyRootFilesystem, hardening.AllowPrivilegeEscalation, hardening.Capabilities.Drop.Single()));

        var migrate = (YamlMappingNode)Compose()["services"]["migrate"];
        var volume = ((YamlSequenceNode)migrate["volumes"]).Children.Select(v => $"{v}".Split(':'))
            .Single(v =>
                $"{migrate["environment"]["SynthStudio__Migration__AdminKeyFile"]}".StartsWith(v[1] + "/", StringComparison.Ordinal));
        Assert.IsTrue(((YamlMappingNode)Compose()["volumes"]).Children.ContainsKey(volume[0]), volume[0]);

        var told = File.ReadAllText(Path.Combine(Deploy, "README.md"));
        foreach (var where in new[] { "admin-key.yaml", "synthstudio_admin" }) Assert.Contains(where, told, "Operators are told how to enter.");
    }

    [TestMethod]
    public void The_proxy_says_who_calls_and_the_api_believes_it_and_nobody_else()
    {
        var nginx = File.ReadAllText(Path.Combine(Deploy, "nginx", "nginx.conf"));
        foreach (Match location in Location().Matches(nginx).Where(l => l.Value.Contains("_pass ", StringComparison.Ordinal)))
            Assert.MatchesRegex(@"(proxy|grpc)_set_header X-Forwarded-For \$remote_addr;", location.Value);
        Assert.DoesNotContain("$proxy_add_x_forwarded_for", nginx, "What a caller says of itself goes no further.");

        var proxy = $"{Compose()["services"]["proxy"]["networks"]["inside"]["ipv4_address"]}";
        foreach (var (name, options) in Apis())
        {
            Assert.IsNotEmpty(options.Api.TrustedProxies, name);
            if (name.StartsWith("compose", StringComparison.Ordinal)) Assert.AreEqual(proxy, options.Api.TrustedProxies.Single());
        }

        var subnet = Compose()["networks"]["inside"]["ipam"]["config"][0];
        Assert.IsTrue(IPNetwork.Parse($"{subnet["subnet"]}").Contains(IPAddress.Parse(proxy)));
        Assert.IsFalse(IPNetwork.Parse($"{subnet["ip_range"]}").Contains(IPAddress.Parse(proxy)), "No other container may get it.");
    }

    [TestMethod]
    public void The_proxy_finds_replicas_that_come_and_go_and_sends_a_client_to_the_same_one()
    {
        var nginx = File.ReadAllText(Path.Combine(Deploy, "nginx", "nginx.conf"));
        Assert.Contains("resolver 127.0.0.11 ", nginx, "Docker's name server.");
        var upstreams = Upstream().Matches(nginx).ToList();
        Assert.HasCount(2, upstreams);
        foreach (var upstream in upstreams)
        {
            Assert.MatchesRegex(@"\n\s+zone \w+ 64k;", upstream.Value, "Names are looked up again where all of nginx' processes see the answer.");
            Assert.MatchesRegex(@"\n\s+server api:\d+ resolve ", upstream.Value);
            Assert.Contains("hash $remote_addr;", upstream.Value, "A consistent hash tells names apart and not their addresses, which would take turns.");
        }

        var image = $"{Compose()["services"]["proxy"]["image"]}";
        Assert.IsGreaterThanOrEqualTo(new Version(1, 27, 3), Version.Parse(image[(image.IndexOf(':', StringComparison.Ordinal) + 1)..]), "Older ones do not know \"resolve\".");
    }

    [TestMethod]
    public void All_processes_together_open_no_more_connections_than_the_database_takes()
    {
        const int ForOthers = 10; // Superusers, the migration, people.
        var services = (YamlMappingNode)Compose()["services"];
        var limit = ((YamlSequenceNode)services["postgres"]["command"]).Children.Select(word => $"{word}").Single(word => word.StartsWith("max_connections=", StringComparison.Ordinal));
        var composed = ComposeProcesses().Where(p => p.Settings.ContainsKey("SynthStudio:Role"))
            .Sum(p => PoolOf(p.Settings) * int.Parse($"{services[p.Name]["deploy"]["replicas"]}", CultureInfo.InvariantCulture));
        Assert.IsLessThanOrEqualTo(int.Parse(limit[(limit.IndexOf('=', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture), composed + ForOthers);

        var manifests = Manifests();
        var scaled = manifests.OfType<V2HorizontalPodAutoscaler>().ToDictionary(scaler => scaler.Spec.ScaleTargetRef.Name, scaler => scaler.Spec.MaxReplicas);
        var settings = KubernetesProcesses().ToDictionary(p => p.Name, p => p.Settings);
        var most = manifests.OfType<V1Deployment>().Sum(d =>
            PoolOf(settings[d.Name()]) * ((d.Spec.Replicas ?? scaled[d.Name()])
                + int.Parse(d.Spec.Strategy.RollingUpdate.MaxSurge!.Value!, CultureInfo.InvariantCulture)));
        Assert.Contains($"{most.ToString("N0", CultureInfo.InvariantCulture)} with all that", File.ReadAllText(Path.Combine(Deploy, "README.md")), "Operators are told.");
    }

    [TestMethod]
    public void Replicas_limit_calls_and_streams_and_leave_the_lists_of_proxies_before_they_stop()
    {
        foreach (var (name, options) in Apis())
        {
            var warned = string.Join('\n', ServerSettings.Problems(options));
            foreach (var setting in new[] { "RequestsPerSecond", "MaxStreams", "TrustedProxies" }) Assert.DoesNotContain($"SynthStudio:Api:{setting} ", warned, name);
        }

        var api = Manifests().OfType<V1Deployment>().Single(d => d.Name() == "api").Spec.Template.Spec;
        var delay = Apis().Single(a => a.Name == "kubernetes api").Options.Api.LeavingDelay;
        Assert.IsGreaterThan(TimeSpan.FromSeconds(5), delay);
        Assert.IsLessThan(TimeSpan.FromSeconds(api.TerminationGracePeriodSeconds!.Value), delay + TimeSpan.FromSeconds(30), "The time to stop comes on top.");
    }

    [TestMethod]
    public void Browsers_reach_the_bucket_that_links_name_and_the_api_reaches_others()
    {
        var compose = Compose();
        var services = (YamlMappingNode)compose["services"];
        var options = Apis().Single(a => a.Name == "compose api").Options;
        var port = options.S3.PublicEndpoint!.Split(':')[^1];
        Assert.Contains($"{port}:{port}", ((YamlSequenceNode)services["proxy"]["ports"]).Children.Select(p => $"{p}"));
        var server = File.ReadAllText(Path.Combine(Deploy, "compose", "s3.conf"));
        foreach (var line in new[] { $"listen {port} ssl;", $"location /{options.S3.Bucket}/ {{", $"proxy_pass {options.S3.Endpoint};", "proxy_set_header Host $http_host;" }) Assert.Contains(line, server);
        Assert.Contains("./s3.conf:/etc/nginx/servers/s3.conf:ro", ((YamlSequenceNode)services["proxy"]["volumes"]).Children.Select(v => $"{v}"));
        Assert.Contains("include /etc/nginx/servers/*.conf;", File.ReadAllText(Path.Combine(Deploy, "nginx", "nginx.conf")));

        var networks = ((YamlSequenceNode)services["api"]["networks"]).Children.Select(n => (YamlMappingNode)compose["networks"][n]).ToList();
        Assert.IsTrue(networks.Exists(n => !n.Children.ContainsKey("internal")), "Events, mails and transfers go out.");
        foreach (var inner in new[] { "postgres", "redis", "s3", "silo" })
            Assert.AreEqual("inside", string.Join(' ', ((YamlSequenceNode)services[inner]["networks"]).Children), inner);
    }

    [TestMethod]
    public void Silos_are_added_for_jobs_that_one_more_silo_would_run()
    {
        var scalers = Manifests().OfType<V2HorizontalPodAutoscaler>()
            .Where(s => s.Spec.Metrics.Any(m => m.External is not null)).ToDictionary(s => s.Spec.ScaleTargetRef.Name);
        CollectionAssert.AreEquivalent(new[] { "compute", "compute-gpu" }, scalers.Keys);
        var reasons = typeof(WaitingReason).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!).ToHashSet();
        foreach (var (name, scaler) in scalers)
        {
            var counted = scaler.Spec.Metrics.Single().External;
            var excluded = counted.Metric.Selector.MatchExpressions.Single(e => e is { Key: "reason", OperatorProperty: "NotIn" }).Values;
            CollectionAssert.AreEquivalent(
                new[]
                {
                    WaitingReason.AboutToStart, WaitingReason.NoFreeSlot, WaitingReason.NoFreeMemory, WaitingReason.NoFreeAccelerator,
                    WaitingReason.HasReservation,
                    WaitingReason.ReservedForOthers, WaitingReason.SilosSilent, WaitingReason.SilosResting,
                }, reasons.Except(excluded).ToList(), name);
            Assert.IsEmpty(excluded.Except(reasons), name);
            var accelerators = counted.Metric.Selector.MatchExpressions.Single(e => e is { Key: "accelerator", OperatorProperty: "In" }).Values;
            CollectionAssert.AreEquivalent(name == "compute" ? new[] { "any", "cpu" } : ["cuda"], accelerators.ToList(), name);
            var slots = Manifests().OfType<V1Deployment>().Single(d => d.Name() == name).Spec.Template.Spec.Containers
                .Single().Env.Single(v => v.Name == "SynthStudio__Slots").Value;
            Assert.AreEqual(slots, counted.Target.AverageValue.ToString(), name);
        }
    }

    [TestMethod]
    public void Images_are_built_of_sources_only_and_keys_are_not_committed()
    {
        var lines = Lines(".dockerignore");
        Assert.AreEqual("*", lines[0], "Nothing goes along that is not named.");
        var sent = lines.Where(line => line[0] == '!').Select(line => line[1..]).ToList();
        foreach (var name in sent)
        {
            Assert.IsTrue(Path.Exists(Path.Combine(Root, name)), name);
            Assert.DoesNotContain(name, new[] { ".git", "artifacts", "tools", "tests" });
        }

        foreach (var project in Directory.EnumerateFiles(Path.Combine(Root, "silo"), "*.csproj", SearchOption.AllDirectories)) Assert.Contains("silo", sent, project);
        foreach (var excluded in new[] { "**/bin", "**/obj", "**/.env" }) Assert.Contains(excluded, lines);
        foreach (var secret in new[] { ".env", "/tools/deploy/compose/secrets/", "/tools/deploy/compose/certificates/" }) Assert.Contains(secret, Lines(".gitignore"));
    }

    private static List<string> Lines(string file) => [.. File.ReadAllLines(Path.Combine(Root, file)).Where(line => line.Length > 0 && line[0] != '#')];

    /// <summary>The claim that keeps a file of a pod.</summary>
    private static string ClaimOf(V1PodSpec pod, string file)
    {
        var mount = pod.Containers.Single().VolumeMounts.Single(m => file.StartsWith(m.MountPath + "/", StringComparison.Ordinal));
        return pod.Volumes.Single(v => v.Name == mount.Name).PersistentVolumeClaim?.ClaimName ?? throw new AssertFailedException($"{file} goes with its pod.");
    }

    private static int PoolOf(Dictionary<string, string> settings) => new NpgsqlConnectionStringBuilder(settings["SynthStudio:Database:ConnectionString"]).MaxPoolSize;

    private static IEnumerable<(string Name, ServerOptions Options)> Apis() =>
        ComposeProcesses().Select(p => (Name: $"compose {p.Name}", p.Settings)).Concat(KubernetesProcesses().Select(p => (Name: $"kubernetes {p.Name}", p.Settings)))
            .Where(p => p.Settings.GetValueOrDefault("SynthStudio:Role") == "Api")
            .Select(p => (p.Name, ServerSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(p.Settings!).Build())));

    [GeneratedRegex(@"upstream [^{]*\{[^}]*\}")]
    private static partial Regex Upstream();

    [GeneratedRegex(@"location [^{]*\{[^{}]*(\{[^}]*\}[^{}]*)*\}")]
    private static partial Regex Location();
}
