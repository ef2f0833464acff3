namespace Kitaru.Cli.Completion;

/// <summary>The shells' scripts. They ask <c>kitaru complete</c>, which knows the commands and what is in the store.</summary>
internal static class CompletionScripts
{
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish", "pwsh"];

    public static string Example(string shell) => shell switch
    {
        "bash" => "source <(kitaru completion bash)",
        "zsh" => "source <(kitaru completion zsh)",
        "fish" => "kitaru completion fish > ~/.config/fish/completions/kitaru.fish",
        _ => "kitaru completion pwsh | Out-String | Invoke-Expression",
    };

    public static string Of(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        _ => Pwsh,
    };

    private const string Bash =
        """
        _kitaru() {
            local IFS=$'\n'
            COMPREPLY=($(kitaru complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
        }
        complete -o default -F _kitaru kitaru

        """;

    private const string Zsh =
        """
        _kitaru() {
            local -a found
            found=("${(@f)$(kitaru complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
            if [[ -n "${found[1]}" ]]; then compadd -a found; else _files; fi
        }
        compdef _kitaru kitaru

        """;

    private const string Fish =
        """
        complete -c kitaru -a '(kitaru complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'

        """;

    private const string Pwsh =
        """
        Register-ArgumentCompleter -Native -CommandName kitaru -ScriptBlock {
            param($word, $ast, $position)
            $words = @($ast.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.StartOffset -lt $position } | ForEach-Object { "$_" })
            if ($word -eq '') { $words += '' }
            kitaru complete -- @words 2>$null | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }

        """;
}
