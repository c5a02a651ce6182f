using System.Data.Common;
using System.Net;
using SynthStudio.Api;
using SynthStudio.Api.Identity.Mail;

namespace SynthStudio.Hosting;

/// <summary>
/// What is allowed and unsafe. A server for its own user on loopback may be all that; where others reach it some of it stops the start, and the rest is
/// said in the log and by <c>synth config check</c>.
/// </summary>
internal static class InsecureSettings
{
    /// <summary>What examples of ours say where a secret has to go.</summary>
    private const string Placeholder = "change-me";

    private static readonly string[] SslModeKeys = ["SSL Mode", "SslMode"];

    public static IEnumerable<SettingProblem> Of(ServerOptions options)
    {
        foreach (var (name, value) in Secrets(options).Where(secret => secret.Value.Contains(Placeholder, StringComparison.OrdinalIgnoreCase)))
            yield return new(name, $"still holds \"{Placeholder}\" of the example; put a secret of your own there.", IsError: true);

        if (DefaultLimits.IsForItsUserOnly(options)) yield break;

        if (options.Api.AllowedOrigins.Contains("*"))
            yield return new(Name("Api:AllowedOrigins"), "is *: pages of every site could call with what their visitors type in. Name the origins.", IsError: true);
        if (options.Role.IsSiloOnly()) yield break;

        if (options.Api is { RequestsPerSecond: 0 } or { AddressRequestsPerSecond: 0 }) // Somebody said so: what nobody said is limited (DefaultLimits).
            yield return Warning("Api:RequestsPerSecond", "or SynthStudio:Api:AddressRequestsPerSecond is 0: anybody may call as often as they like. Set both.");
        if (options.Api.MaxStreams == 0) yield return Warning("Api:MaxStreams", "is 0: a user may keep any number of streams open. Set a limit, for example 200.");
        if (options.Api.TrustedProxies.Count == 0)
            yield return Warning("Api:TrustedProxies", "is empty: if a proxy ends TLS in front, its address is the one of every caller, for limits and audit trail.");
        if (options.Api.Issuer == new Api.ApiOptions().Issuer) yield return Warning("Api:Issuer", "is the default; name your installation, so that its tokens are told from others.");
        if (options.Api.AllowShortObjectGrace) yield return Warning("Api:AllowShortObjectGrace", "is on: models can be removed before their owners are heard. It is for tests of a cluster.");
        if (options.Api.Transfers.AllowUnprotected) yield return Warning("Api:Transfers:AllowUnprotected", "is on: passwords and rows of imports and exports may be readable on the way.");
        if (options.Api.Packages.AllowUnsigned) yield return Warning("Api:Packages:AllowUnsigned", "is on: generators may be imported for which nobody answers. Name whom you trust instead (TrustedSigners).");
        foreach (var open in PlainConnections(options).Concat(OpenNetworks(options.Api)).Concat(ReadableMails(options.Api.Mail))) yield return open;
    }

    private static IEnumerable<SettingProblem> OpenNetworks(ApiOptions api)
    {
        if (api.TrustedProxies.Any(proxy => IPNetwork.TryParse(proxy, out var network) && network.PrefixLength == 0))
            yield return new(Name("Api:TrustedProxies"), "holds every address: each caller could say where they call from, to limits and audit trail. Name your proxies.", IsError: true);
        foreach (var (name, networks) in new[] { ("Api:Webhooks:AllowedNetworks", api.Webhooks.AllowedNetworks), ("Api:Transfers:AllowedNetworks", api.Transfers.AllowedNetworks) })
        {
            if (networks.FirstOrDefault(IsOfThisMachine) is { } wide)
                yield return Warning(name, $"holds {wide}: whoever works in a project could have the server call itself, and what else listens on its machine. Name the networks of receivers only.");
        }

        if (api.Webhooks.AllowHttp) yield return Warning("Api:Webhooks:AllowHttp", "is on: events of projects are readable on the way. Use https.");
    }

    private static bool IsOfThisMachine(string text) => IPNetwork.TryParse(text, out var network)
        && (network.PrefixLength == 0 || IPAddress.IsLoopback(network.BaseAddress)
            || network.Contains(IPAddress.Loopback) || network.Contains(IPAddress.IPv6Loopback));

    private static IEnumerable<SettingProblem> ReadableMails(MailOptions mail)
    {
        if (mail.Delivery == MailDelivery.File)
            yield return Warning("Api:Mail:Delivery", "is file: mails, whose tokens set passwords, lie in a folder and reach nobody. It is for development; use smtp.");
        if (mail is { Delivery: MailDelivery.Smtp, Security: MailSecurity.None } && mail.Host != "localhost"
            && !(IPAddress.TryParse(mail.Host, out var host) && IPAddress.IsLoopback(host)))
            yield return Warning("Api:Mail:Security", "is none: mails, whose tokens set passwords, are readable on the way to the mail server. Use startTls or tls.");
        if (Uri.TryCreate(mail.Page, UriKind.Absolute, out var page) && page.Scheme == "http" && !page.IsLoopback)
            yield return Warning("Api:Mail:Page", "is plain HTTP: the page that takes tokens and passwords can be changed on the way. Use https.");
    }

    private static IEnumerable<SettingProblem> PlainConnections(ServerOptions options)
    {
        if (options.Database.IsPostgres && !IsEncrypted(options.Database.ConnectionString))
            yield return Warning("Database:ConnectionString", "asks for no encryption that checks the server; add SSL Mode=VerifyFull.");
        if (options.Redis.ConnectionString.Length > 0 && !options.Redis.ConnectionString.Contains("ssl=true", StringComparison.OrdinalIgnoreCase))
            yield return Warning("Redis:ConnectionString", "asks for no encryption; add ssl=true.");
        foreach (var (i, provider) in options.Api.Assistant.Providers.Index())
        {
            if (Uri.TryCreate(provider.Address, UriKind.Absolute, out var address) && address.Scheme == "http" && !address.IsLoopback)
                yield return Warning($"Api:Assistant:Providers:{i}:Address", "is plain HTTP: what is asked and answered is readable on the way. Use https.");
        }

        if (options.S3.Bucket.Length > 0 && options.S3.Endpoint?.StartsWith("http:", StringComparison.OrdinalIgnoreCase) == true)
            yield return Warning("S3:Endpoint", "is plain HTTP: objects and signatures are readable on the way. Use https.");
    }

    private static bool IsEncrypted(string connection)
    {
        try
        {
            var parts = new DbConnectionStringBuilder { ConnectionString = connection };
            return SslModeKeys.Any(key => parts.TryGetValue(key, out var mode) && $"{mode}".StartsWith("Verify", StringComparison.OrdinalIgnoreCase));
        }
        catch (ArgumentException)
        {
            return true; // It cannot be read, and whoever opens it says so.
        }
    }

    private static IEnumerable<(string Name, string Value)> Secrets(ServerOptions options) =>
        EffectiveSettings.Named(options)
            .Where(setting => setting.IsSecret)
            .Select(setting => (setting.Name, Setting.Text(EffectiveSettings.ValueOf(options, setting))));

    private static SettingProblem Warning(string name, string text) => new(Name(name), text, IsError: false);

    private static string Name(string name) => $"{ServerOptions.SectionName}:{name}";
}
