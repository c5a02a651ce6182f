using System.Net;
using SynthStudio.Api.Errors;
using SynthStudio.Catalog.Transfers;

namespace SynthStudio.Api.Transfers;

/// <summary>Checks the databases and buckets that are named, and parts them from their secrets.</summary>
internal sealed class EndpointReader(ForeignPlaces places, TransferOptions options)
{
    private const int LongestText = 255, DefaultPort = 5432, LargestPort = 65535;
    private const string DefaultRegion = "us-east-1";

    /// <summary>A database, and its password.</summary>
    /// <exception cref="RpcException">Something of it is wrong.</exception>
    public (TransferEndpoint Endpoint, string Secret) Read(V1.PostgresEndpoint wanted, string field)
    {
        var host = Text(wanted.Host, $"{field}.host");
        // One host name or address: what Npgsql would take for several hosts or for a socket of this machine is none.
        if (Uri.CheckHostName(host) is not (UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6)) throw ApiErrors.InvalidField($"{field}.host", "must be a host name or an address.");
        CheckAddress(host, $"{field}.host");
        if (wanted.Port is < 0 or > LargestPort) throw ApiErrors.InvalidField($"{field}.port", $"must be 1 to {LargestPort}; 0 means {DefaultPort}.");
        var tls = wanted.Tls switch
        {
            V1.TransportSecurity.Unspecified or V1.TransportSecurity.Verified => TransportSecurity.Verified,
            V1.TransportSecurity.Unverified => TransportSecurity.Unverified,
            V1.TransportSecurity.None => TransportSecurity.None,
            _ => throw ApiErrors.InvalidField($"{field}.tls", "must be verified, unverified or none."),
        };
        if (tls != TransportSecurity.Verified && !options.AllowUnprotected)
            throw ApiErrors.InvalidField($"{field}.tls", "must be verified; only the operator can allow less (SynthStudio:Api:Transfers:AllowUnprotected).");
        var address = new PostgresAddress(
            host, wanted.Port == 0 ? DefaultPort : wanted.Port, Text(wanted.Database, $"{field}.database"), Text(wanted.User, $"{field}.user"), tls);
        return (new TransferEndpoint { Postgres = address }, Text(wanted.Password, $"{field}.password"));
    }

    /// <summary>A bucket, and its secret key.</summary>
    /// <exception cref="RpcException">Something of it is wrong.</exception>
    public (TransferEndpoint Endpoint, string Secret) Read(V1.BucketEndpoint wanted, string field)
    {
        var region = wanted.Region.Length == 0 ? DefaultRegion : wanted.Region;
        if (region.Length > 40 || !region.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')) throw ApiErrors.InvalidField($"{field}.region", "must be a region such as eu-central-1.");
        var bucket = Text(wanted.Bucket, $"{field}.bucket");
        if (bucket.Length is < 3 or > 63 || !bucket.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.'))
            throw ApiErrors.InvalidField($"{field}.bucket", "must be 3 to 63 lower-case letters, digits, hyphens and points.");
        if (wanted.Url.Length > 0) CheckUrl(wanted.Url, $"{field}.url");
        return (
            new TransferEndpoint { Bucket = new BucketAddress(wanted.Url, region, bucket, Text(wanted.AccessKey, $"{field}.access_key")) },
            Text(wanted.SecretKey, $"{field}.secret_key"));
    }

    private void CheckUrl(string url, string field)
    {
        if (url.Length > LongestText || !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0
            || url.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
            throw ApiErrors.InvalidField(field, "must be a URL like https://storage.example.org.");
        if (uri.Scheme != Uri.UriSchemeHttps && !(options.AllowUnprotected && uri.Scheme == Uri.UriSchemeHttp))
            throw ApiErrors.InvalidField(field, "must begin with https://; only the operator can allow http:// (SynthStudio:Api:Transfers:AllowUnprotected).");
        if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0) throw ApiErrors.InvalidField(field, "must be an address without user, query and fragment.");
        CheckAddress(uri.DnsSafeHost, field);
    }

    /// <summary>Names are looked up when they are connected to, not here.</summary>
    private void CheckAddress(string host, string field)
    {
        if (IPAddress.TryParse(host, out var address) && !places.IsAllowed(address))
            throw ApiErrors.InvalidField(field, "is not a public address; only the operator can allow others (SynthStudio:Api:Transfers:AllowedNetworks).");
    }

    private static string Text(string text, string field) => text.Length is 0 or > LongestText || text.Any(char.IsControl)
        ? throw ApiErrors.InvalidField(field, $"must be 1 to {LongestText} characters without line ends and other control characters.")
        : text;
}
