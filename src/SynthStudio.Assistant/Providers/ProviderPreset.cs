namespace SynthStudio.Assistant.Providers;

/// <summary>Services that speak OpenAI's protocol of chat completions, by where they are.</summary>
public enum ProviderPreset
{
    /// <summary>OpenAI, or another service at <see cref="ProviderOptions.Address"/>.</summary>
    OpenAi,

    /// <summary>Google's Gemini.</summary>
    Gemini,

    /// <summary>Groq.</summary>
    Groq,

    /// <summary>Ollama, by default on this machine.</summary>
    Ollama,

    /// <summary>A vLLM server, by default on this machine.</summary>
    Vllm,
}
