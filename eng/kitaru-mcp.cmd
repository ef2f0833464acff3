@echo off
rem Builds kitaru-mcp from this checkout, then runs it in the caller's working directory.
rem stdout belongs to JSON-RPC alone: the build speaks on stderr, and reads no stdin.
setlocal
set "ROOT=%~dp0.."
dotnet build "%ROOT%\src\Kitaru.Mcp\Kitaru.Mcp.csproj" --configuration Debug --verbosity quiet --nologo -nodeReuse:false -p:UseSharedCompilation=false <nul 1>&2
if errorlevel 1 exit /b 1
dotnet "%ROOT%\artifacts\bin\Kitaru.Mcp\debug\kitaru-mcp.dll" %*
