@echo off
rem Builds the command line from this checkout, then runs it in the caller's working directory.
rem stdout belongs to the program alone: the build speaks on stderr, and reads no stdin.
rem It runs from a copy: the next build could not write into the files of a program that is running.
setlocal
set "ROOT=%~dp0.."
set "COPY=%ROOT%\artifacts\Kitaru.Cli\%RANDOM%%RANDOM%"
dotnet build "%ROOT%\src\Kitaru.Cli\Kitaru.Cli.csproj" --configuration Debug --verbosity quiet --nologo -nodeReuse:false -p:UseSharedCompilation=false <nul 1>&2
if errorlevel 1 exit /b 1
robocopy "%ROOT%\artifacts\bin\Kitaru.Cli\debug" "%COPY%" /e /njh /njs /ndl /nfl /np 1>&2
if errorlevel 8 exit /b 1
dotnet "%COPY%\Kitaru.Cli.dll" %*
set "CODE=%ERRORLEVEL%"
rmdir /s /q "%COPY%" 2>nul
exit /b %CODE%
