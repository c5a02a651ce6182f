using System.ComponentModel.DataAnnotations;

namespace SynthStudio.Assistant.Providers;

/// <summary>One language model at one service.</summary>
public sealed class ProviderOptions
{
    /// <summary>By which routes name it: lower-case letters, digits and hyphens.</summary>
    public string Id { get; set; } = "";

    /// <summary><c>openAi</c>, <c>gemini</c>, <c>groq</c>, <c>ollama</c> or <c>vllm</c>: where the service is, unless <see cref="Address"/> says so.</summary>
    public ProviderPreset Preset { get; set; }

    /// <summary>Base address of the service, up to <c>/v1</c>; empty takes the preset's.</summary>
    public string Address { get; set; } = "";

    /// <summary>The model's name at the service.</summary>
    public string Model { get; set; } = "";

    /// <summary>The server's key there; may be empty for <c>ollama</c> and <c>vllm</c>.</summary>
    [DataType(DataType.Password)]
    public string ApiKey { get; set; } = "";

    /// <summary>Where requests go.</summary>
    internal Uri AddressUri => new(Address.Length > 0 ? Address : Preset switch
    {
        ProviderPreset.Gemini => "https://generativelanguage.googleapis.com/v1beta/openai/",
        ProviderPreset.Groq => "https://api.groq.com/openai/v1",
        ProviderPreset.Ollama => "http://127.0.0.1:11434/v1",
        ProviderPreset.Vllm => "http://127.0.0.1:8000/v1",
        _ => "https://api.openai.com/v1",
    });

    /// <summary>The machine that gets what is asked, for people who decide what may go there.</summary>
    public string Recipient() => AddressUri.Authority;

    private bool IsOwn => Preset is ProviderPreset.Ollama or ProviderPreset.Vllm;

    /// <summary>What is wrong; null for nothing.</summary>
    internal string? Problem()
    {
        if (Id.Length is 0 or > 63 || Id.Any(c => c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-'))) return "needs an Id of lower-case letters, digits and hyphens.";
        if (Model.Length == 0) return "needs a Model.";
        if (Address.Length > 0 && !(Uri.TryCreate(Address, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http")) return "has an Address that is no http or https address.";
        if (AddressUri.Scheme == "http" && !IsOwn && !AddressUri.IsLoopback) return "has an Address without TLS: use https, or the Preset ollama or vllm for a server of your own.";
        return ApiKey.Length == 0 && !IsOwn ? "needs an ApiKey." : null;
    }
}
